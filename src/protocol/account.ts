// The account of who is signed in to the stand-alone server. In a host's app staff have no accounts of ours.

/** `GET dashboard/account` */
export interface StaffAccount {
  name: string | null
  email: string
}
