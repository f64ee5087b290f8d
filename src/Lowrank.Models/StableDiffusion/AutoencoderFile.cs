namespace Lowrank.Models;

/// <summary>
/// Loads an autoencoder from a file of its own, or from a whole checkpoint: in the names of LDM (vae-ft-mse-840000-ema-pruned, sdxl_vae) or
/// of diffusers.
/// </summary>
public static class AutoencoderFile
{
    /// <summary>Loads it.</summary>
    /// <param name="path">A .safetensors, .ckpt or .pt file.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="config">
    /// A diffusers folder whose vae/config.json tells its shape; null finds it out, the groups of its norms being the published models' 32.
    /// </param>
    /// <param name="unused">Keys of the file that belong to no autoencoder.</param>
    /// <param name="scale">
    /// The scaling factor of its latents where <paramref name="config"/> tells none, as a file alone does not; null is SD 1's.
    /// </param>
    /// <exception cref="LowrankException">The file is damaged, or holds no autoencoder.</exception>
    public static AutoencoderKL Load(string path, Storage storage, string? config, out IReadOnlyList<string> unused, double? scale = null)
    {
        using var file = Containers.Open(path);
        var keys = file.Tensors.Select(tensor => tensor.Name).ToHashSet();
        string prefix = keys.Any(key => key.StartsWith(CheckpointKind.VaePrefix, StringComparison.Ordinal)) ? CheckpointKind.VaePrefix : "";
        bool isDiffusers = keys.Contains("encoder.down_blocks.0.resnets.0.conv1.weight");
        bool isLdm = keys.Contains(prefix + "encoder.down.0.block.0.conv1.weight");
        if (!isDiffusers && !isLdm)
            throw new LowrankException(AutoencoderTinyFile.Recognizes(file)
                ? $"{path} is a tiny autoencoder (TAESD), and a full one (AutoencoderKL) is wanted here."
                : $"{path} holds no autoencoder of Stable Diffusion: its keys are such as {string.Join(", ", keys.Take(3))}.");
        var places = isDiffusers ? OwnPlaces(file) : LdmPlaces(file, prefix);
        var shape = ConfigIn(config) ?? Scaled(ShapeOf(path, file, places), scale);
        unused = [.. keys.Except(places.Values.Select(place => place.Key)).Order(StringComparer.Ordinal)];
        using var part = new CheckpointPart(file, places, ownsFile: false);
        return AutoencoderKL.From(part, shape, storage);
    }

    static VaeConfig Scaled(VaeConfig shape, double? scale) => scale is { } factor ? shape with { ScalingFactor = factor } : shape;

    static VaeConfig? ConfigIn(string? folder)
    {
        if (folder is null) return null;
        string path = Path.Combine(folder, "vae", "config.json");
        return File.Exists(path) ? VaeConfig.Read(path) : null;
    }

    // Files of diffusers keep attention in its present names or the old ones; both are read.
    static Dictionary<string, (string Key, Folding Folding)> OwnPlaces(ITensorFile file)
    {
        string[] halves = ["encoder.", "decoder.", "quant_conv.", "post_quant_conv."];
        var own = file.Tensors.Select(tensor => tensor.Name).Where(IsOwn);
        return own.ToDictionary(AutoencoderKL.NewName, key => (key, Folding.Same));

        bool IsOwn(string key) => Array.Exists(halves, half => key.StartsWith(half, StringComparison.Ordinal));
    }

    static Dictionary<string, (string Key, Folding Folding)> LdmPlaces(ITensorFile file, string prefix)
    {
        int levels = 0;
        var keys = file.Tensors.Select(tensor => tensor.Name).ToHashSet();
        while (keys.Contains($"{prefix}encoder.down.{levels}.block.0.conv1.weight")) levels++;
        var names = VaeKeyMap.ToLdm(levels);
        var places = new Dictionary<string, (string, Folding)>();
        foreach (string key in keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
            foreach (var (own, folding) in names.ToOwn(CheckpointKind.VaePrefix + key[prefix.Length..])) places[own] = (key, folding);
        return places;
    }

    // By the names of LDM, which say the levels in the same order in both halves.
    static VaeConfig ShapeOf(string path, ITensorFile file, Dictionary<string, (string Key, Folding Folding)> places)
    {
        int levels = 0;
        while (places.ContainsKey($"encoder.down_blocks.{levels}.resnets.0.conv1.weight")) levels++;
        var names = VaeKeyMap.ToLdm(levels);
        var stored = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        var shapes = new Dictionary<string, long[]>();
        foreach (var (own, place) in places)
            if (names.ToKey(own) is var (key, _)) shapes[key] = stored[place.Key];
        return new CheckpointConfigs(path, new("sd1", "autoencoder", null, false, ["vae"]), shapes).Vae();
    }
}
