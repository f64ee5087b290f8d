using System.Text.Json;

namespace Lowrank.Models;

/// <summary>Loads an autoencoder of either kind from wherever it lies: a file, a checkpoint, or a folder of diffusers.</summary>
public static class AutoencoderPlace
{
    /// <summary>Loads it.</summary>
    /// <param name="path">
    /// A file as <see cref="AutoencoderFile"/> or <see cref="AutoencoderTinyFile"/> takes it, or a folder with config.json and weights.
    /// </param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="config">As of <see cref="AutoencoderFile.Load"/>.</param>
    /// <param name="taken">Told what is used that was not named.</param>
    /// <param name="left">Told what of it is not used.</param>
    /// <param name="scale">As of <see cref="AutoencoderFile.Load"/>: the factor of the model that it is for.</param>
    /// <exception cref="LowrankException">It is missing or damaged, or holds no autoencoder.</exception>
    public static Autoencoder Load(
        string path, Storage storage, string? config, Action<string> taken, Action<string> left, double? scale = null)
    {
        if (Directory.Exists(path)) return OfFolder(path, storage);
        using (var file = Containers.Open(path))
            if (AutoencoderTinyFile.Recognizes(file)) return AutoencoderTinyFile.Load(path, storage, taken);
        var vae = AutoencoderFile.Load(path, storage, config, out var unused, scale);
        if (unused.Count > 0) left($"{unused.Count} tensors of {path} belong to no autoencoder, and are not used");
        return vae;
    }

    static Autoencoder OfFolder(string folder, Storage storage)
    {
        var json = JsonFile.Object(Path.Combine(folder, "config.json"));
        string? kind = json.TryGetProperty("_class_name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        return kind switch
        {
            nameof(AutoencoderTiny) => AutoencoderTiny.Load(folder, storage),
            nameof(AutoencoderKL) => AutoencoderKL.Load(folder, storage),
            _ => throw new LowrankException($"{folder} is {(kind is null ? "of no class that its config.json tells" : $"a {kind}")}; " +
                $"pictures are decoded by {nameof(AutoencoderKL)} or {nameof(AutoencoderTiny)}."),
        };
    }
}
