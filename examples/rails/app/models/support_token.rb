require "jwt"

# Tells Deskbell who somebody is: a JWT, which Deskbell checks with the same secret
module SupportToken
  def self.for_customer(person) = sign(person, "deskbell")

  def self.for_staff(person) = sign(person, "deskbell-admin")

  def self.sign(person, audience)
    now = Time.now.to_i
    claims = { sub: person.id.to_s, aud: audience, iat: now, exp: now + 3600, email: person.email, name: person.name }
    JWT.encode(claims, ENV.fetch("DESKBELL_SECRET"), "HS256")
  end
  private_class_method :sign
end
