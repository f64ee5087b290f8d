namespace Lowrank.Diffusion;

/// <summary>Changes of a prompt's words along an axis.</summary>
/// <remarks>Source: AUTOMATIC1111, scripts/xyz_grid.py, apply_prompt and apply_order, at 1.10.1.</remarks>
public static class PromptSearch
{
    /// <summary>Puts a text in place of another, wherever it stands in the prompt and the negative prompt.</summary>
    /// <exception cref="LowrankException">It stands in neither.</exception>
    public static (string Prompt, string Negative) Replace(string prompt, string negative, string search, string replacement)
    {
        if (search.Length == 0)
            throw new LowrankException("the first value is empty: it is what the others take the place of, and must stand in the prompt");
        bool isThere = $"{prompt}\n{negative}".Contains(search, StringComparison.Ordinal);
        if (!isThere)
            throw new LowrankException(
                $"\"{search}\" stands neither in the prompt \"{prompt}\" nor in the negative prompt \"{negative}\". " +
                "The first value of that axis is what the others take the place of.");
        return (In(prompt), In(negative));

        string In(string text) => text.Replace(search, replacement, StringComparison.Ordinal);
    }

    /// <summary>Puts words of the prompt into another order: the places stay, and the words change among them.</summary>
    /// <exception cref="LowrankException">One of the words does not stand in the prompt.</exception>
    public static string Reorder(string prompt, IReadOnlyList<string> words)
    {
        if (words.FirstOrDefault(word => !prompt.Contains(word, StringComparison.Ordinal)) is { } lacking)
            throw new LowrankException($"\"{lacking}\" does not stand in the prompt \"{prompt}\", and so cannot change its place.");
        var rest = prompt;
        string ordered = "";
        foreach (var (index, word) in words.OrderBy(word => prompt.IndexOf(word, StringComparison.Ordinal)).Index())
        {
            int at = rest.IndexOf(word, StringComparison.Ordinal);
            if (at < 0) throw new LowrankException($"the words {string.Join(", ", words)} overlap in the prompt \"{prompt}\".");
            ordered += rest[..at] + words[index];
            rest = rest[(at + word.Length)..];
        }
        return ordered + rest;
    }
}
