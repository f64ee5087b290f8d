namespace Lowrank.Workbench;

/// <summary>An autoencoder of choice.</summary>
/// <param name="Vae">The autoencoder, loaded.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Hash">The first 10 digits of its file's SHA-256; null where it was not hashed.</param>
public sealed record WebUiVae(Autoencoder Vae, string Name, string? Hash);
