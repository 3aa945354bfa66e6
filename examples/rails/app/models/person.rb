# A placeholder for your own users. Anybody can sign in as anybody here
Person = Struct.new(:id, :email, :name, :staff) do
  alias_method :staff?, :staff

  def self.find(id) = all.find { |person| person.id == id }

  def self.all
    [
      new("ada", "ada@example.com", "Ada, a customer", false),
      new("sam", "sam@example.com", "Sam", true),
    ]
  end
end
