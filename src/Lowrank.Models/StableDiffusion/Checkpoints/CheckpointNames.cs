namespace Lowrank.Models;

/// <summary>
/// The tensors of one part of a model in a single-file checkpoint: what each of the diffusers folder is called there, and how it lies
/// there. One-to-one both ways, where a joint tensor stands for three.
/// </summary>
public sealed class CheckpointNames
{
    readonly IReadOnlyList<(Folding Folding, KeyMap Map)> maps;

    /// <summary>Tables of complete tensor names, one a folding; the names of the checkpoint without <paramref name="prefix"/>.</summary>
    internal CheckpointNames(string prefix, params IReadOnlyList<(Folding Folding, KeyMap Map)> maps)
    {
        Prefix = prefix;
        this.maps = maps;
    }

    /// <summary>What all of the part's names begin with in the checkpoint: "model.diffusion_model."</summary>
    public string Prefix { get; }

    /// <summary>Name and folding in the checkpoint of a tensor of the folder; null for one that has no place there.</summary>
    public (string Key, Folding Folding)? ToKey(string own)
    {
        foreach (var (folding, map) in maps)
            if (map.ToOther(own) is { } other) return (Prefix + other, folding);
        return null;
    }

    /// <summary>Names in the folder of a tensor of the checkpoint: one, three of a joint tensor in order, or none.</summary>
    public IReadOnlyList<(string Own, Folding Folding)> ToOwn(string key)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal)) return [];
        string other = key[Prefix.Length..];
        var found = new List<(string, Folding)>();
        foreach (var (folding, map) in maps)
            if (map.ToOwn(other) is { } own)
            {
                found.Add((own, folding));
                if (!folding.IsThird()) break;
            }
        return found;
    }

    /// <summary>The names of a UNet.</summary>
    public static CheckpointNames UNet(UNetConfig config) =>
        new("model.diffusion_model.", (Folding.Same, WithParameters(UNetKeyMap.ToLdm(config).Pairs)));

    /// <summary>The names of an autoencoder.</summary>
    public static CheckpointNames Vae(VaeConfig config) => VaeKeyMap.ToLdm(config.BlockChannels.Count);

    /// <summary>The names of a text encoder in one of the spellings that checkpoints have.</summary>
    /// <param name="spelling">How it is spelled.</param>
    /// <param name="prefix">What stands before all its names: "cond_stage_model.transformer."</param>
    public static CheckpointNames Clip(ClipSpelling spelling, string prefix) => ClipKeyMap.Names(spelling, prefix);

    internal static KeyMap WithParameters(IEnumerable<(string Own, string Other)> modules) =>
        new([.. from pair in modules from parameter in parameters select (pair.Own + parameter, pair.Other + parameter)]);

    static readonly string[] parameters = [".weight", ".bias"];
}
