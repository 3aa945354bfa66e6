Rails.application.routes.draw do
  root "home#show"
  resource :sign_in, controller: "sessions", only: [:create, :destroy]

  get "support", to: "support#show"
  get "support/token", to: "support#token"
  get "support/staff", to: "support#staff"
end
