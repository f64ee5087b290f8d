namespace Lowrank.Diffusion;

/// <summary>
/// Weights of words as ComfyUI reads them: (more) and (by:1.3). A number replaces the weight around it, plain brackets multiply it by 1.1;
/// square brackets are text, and so are brackets that are not closed.
/// </summary>
/// <remarks>Source: token_weights of comfy/sd1_clip.py, v0.3.64. Stretches of no characters are left out.</remarks>
public static class ComfyWeights
{
    /// <summary>Depth of brackets beyond which ComfyUI fails too.</summary>
    const int Deepest = 900;

    // Stand for escaped brackets while weights are read.
    const string Close = "\0\u0001", Open = "\0\u0002";

    /// <summary>A prompt's stretches; none of an empty one.</summary>
    /// <exception cref="LowrankException">Brackets nest deeper than 900.</exception>
    public static IReadOnlyList<WeightedText> Read(string prompt)
    {
        var stretches = new List<WeightedText>();
        string escaped = prompt.Replace("\\)", Close, StringComparison.Ordinal).Replace("\\(", Open, StringComparison.Ordinal);
        Add(stretches, escaped, 1, 0);
        return [.. stretches.Select(stretch => stretch with { Text = Unescaped(stretch.Text) })];
    }

    static string Unescaped(string text) => text.Replace(Close, ")", StringComparison.Ordinal).Replace(Open, "(", StringComparison.Ordinal);

    static void Add(List<WeightedText> stretches, string text, double weight, int depth)
    {
        if (depth > Deepest)
            throw new LowrankException($"The prompt's brackets nest deeper than {Deepest}. Write a weight as (words:1.5).");
        foreach (string item in Items(text))
        {
            bool isBracketed = item.Length >= 2 && item[0] == '(' && item[^1] == ')';
            if (!isBracketed)
            {
                stretches.Add(new(item, weight));
                continue;
            }
            string inner = item[1..^1];
            int colon = inner.LastIndexOf(':');
            double? number = colon > 0 ? PythonNumbers.Float(inner[(colon + 1)..]) : null;
            Add(stretches, number is null ? inner : inner[..colon], number ?? weight * 1.1, depth + 1);
        }
    }

    // Outermost brackets and what stands between them.
    static List<string> Items(string text)
    {
        var items = new List<string>();
        int start = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '(' && depth++ == 0) Take(i);
            else if (text[i] == ')' && --depth == 0) Take(i + 1);
        }
        Take(text.Length);
        return items;

        void Take(int end)
        {
            if (end > start) items.Add(text[start..end]);
            start = end;
        }
    }
}
