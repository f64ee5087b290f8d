namespace Lowrank.Diffusion;

/// <summary>The field "Lora hashes" of a picture's text: names of adapters with the 12 digits that tell their files apart.</summary>
public static class AdapterHashes
{
    /// <summary>The field's name.</summary>
    public const string Field = "Lora hashes";

    /// <summary>Writes it, without the commas and colons of names, which would be read as its own.</summary>
    public static string Format(IEnumerable<KeyValuePair<string, string>> hashes) =>
        string.Join(", ", hashes.Select(pair => $"{string.Concat(pair.Key.Where(c => c is not (':' or ',')))}: {pair.Value}"));

    /// <summary>Reads it: hashes by names; parts without a colon are none.</summary>
    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        var hashes = new Dictionary<string, string>();
        foreach (string part in text.Split(','))
            if (part.Split(':', 2) is [var name, var hash]) hashes[name.Trim()] = hash.Trim();
        return hashes;
    }
}
