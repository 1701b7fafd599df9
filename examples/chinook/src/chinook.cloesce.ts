// The Chinook music store: all eleven tables of the sample database as decorated classes.
// Column names are those of the data, so that rows can be compared with the file as they are.

import {
  CRUD,
  D1,
  DataSource,
  ForeignKey,
  type IncludeTree,
  type Integer,
  OneToMany,
  OneToOne,
  PrimaryKey,
  WranglerEnv,
} from "cloesce/backend";

@WranglerEnv
export class Env {
  db: D1Database;
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Genre {
  @PrimaryKey
  GenreId: Integer;
  Name: string;
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class MediaType {
  @PrimaryKey
  MediaTypeId: Integer;
  Name: string;
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Artist {
  @PrimaryKey
  ArtistId: Integer;
  Name: string;

  @OneToMany("ArtistId")
  Albums: Album[];

  /** An artist with everything on their albums. */
  @DataSource
  static readonly catalogue: IncludeTree<Artist> = { Albums: { Tracks: {} } };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Album {
  @PrimaryKey
  AlbumId: Integer;
  Title: string;

  @ForeignKey(Artist)
  ArtistId: Integer;

  @OneToOne("ArtistId")
  Artist: Artist | undefined;

  @OneToMany("AlbumId")
  Tracks: Track[];

  @DataSource
  static readonly complete: IncludeTree<Album> = {
    Artist: {},
    Tracks: { Genre: {}, MediaType: {} },
  };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Track {
  @PrimaryKey
  TrackId: Integer;
  Name: string;

  @ForeignKey(Album)
  AlbumId: Integer;

  @ForeignKey(MediaType)
  MediaTypeId: Integer;

  @ForeignKey(Genre)
  GenreId: Integer;

  Composer: string;
  Milliseconds: Integer;
  Bytes: Integer;
  UnitPrice: number;

  @OneToOne("AlbumId")
  Album: Album | undefined;

  @OneToOne("MediaTypeId")
  MediaType: MediaType | undefined;

  @OneToOne("GenreId")
  Genre: Genre | undefined;

  @DataSource
  static readonly described: IncludeTree<Track> = {
    Album: { Artist: {} },
    MediaType: {},
    Genre: {},
  };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Employee {
  @PrimaryKey
  EmployeeId: Integer;
  LastName: string;
  FirstName: string;
  Title: string;

  @ForeignKey(Employee)
  ReportsTo: Integer | null;

  BirthDate: Date;
  HireDate: Date;
  Address: string;
  City: string;
  State: string;
  Country: string;
  PostalCode: string;
  Phone: string;
  Fax: string;
  Email: string;

  @OneToOne("ReportsTo")
  Manager: Employee | undefined;

  @OneToMany("ReportsTo")
  Reports: Employee[];

  @OneToMany("SupportRepId")
  Customers: Customer[];

  @DataSource
  static readonly team: IncludeTree<Employee> = { Manager: {}, Reports: { Reports: {} } };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Customer {
  @PrimaryKey
  CustomerId: Integer;
  FirstName: string;
  LastName: string;
  Company: string;
  Address: string;
  City: string;
  State: string;
  Country: string;
  PostalCode: string;
  Phone: string;
  Fax: string;
  Email: string;

  @ForeignKey(Employee)
  SupportRepId: Integer;

  @OneToOne("SupportRepId")
  SupportRep: Employee | undefined;

  @OneToMany("CustomerId")
  Invoices: Invoice[];

  @DataSource
  static readonly history: IncludeTree<Customer> = { SupportRep: {}, Invoices: { Lines: {} } };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Invoice {
  @PrimaryKey
  InvoiceId: Integer;

  @ForeignKey(Customer)
  CustomerId: Integer;

  InvoiceDate: Date;
  BillingAddress: string;
  BillingCity: string;
  BillingState: string;
  BillingCountry: string;
  BillingPostalCode: string;
  Total: number;

  @OneToOne("CustomerId")
  Customer: Customer | undefined;

  @OneToMany("InvoiceId")
  Lines: InvoiceLine[];

  @DataSource
  static readonly complete: IncludeTree<Invoice> = { Customer: {}, Lines: { Track: {} } };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class InvoiceLine {
  @PrimaryKey
  InvoiceLineId: Integer;

  @ForeignKey(Invoice)
  InvoiceId: Integer;

  @ForeignKey(Track)
  TrackId: Integer;

  UnitPrice: number;
  Quantity: Integer;

  @OneToOne("InvoiceId")
  Invoice: Invoice | undefined;

  @OneToOne("TrackId")
  Track: Track | undefined;
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class Playlist {
  @PrimaryKey
  PlaylistId: Integer;
  Name: string;

  @OneToMany("PlaylistId")
  Entries: PlaylistTrack[];

  @DataSource
  static readonly entries: IncludeTree<Playlist> = { Entries: {} };

  @DataSource
  static readonly tracks: IncludeTree<Playlist> = { Entries: { Track: {} } };
}

@D1
@CRUD(["SAVE", "GET", "LIST"])
export class PlaylistTrack {
  @PrimaryKey
  @ForeignKey(Playlist)
  PlaylistId: Integer;

  @PrimaryKey
  @ForeignKey(Track)
  TrackId: Integer;

  @OneToOne("TrackId")
  Track: Track | undefined;
}
