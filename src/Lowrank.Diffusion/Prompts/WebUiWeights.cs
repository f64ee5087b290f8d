using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>
/// Weights of words as AUTOMATIC1111 reads them: (more), [less], (by:1.3), nested ones multiplied, a backslash before a sign that stands
/// for itself, and BREAK between chunks.
/// </summary>
/// <remarks>
/// Source: parse_prompt_attention of modules/prompt_parser.py, v1.10.1. A bracket that is not closed weighs to the end; one that closes
/// nothing is text. Neighbours of equal weight are one text.
/// </remarks>
public static partial class WebUiWeights
{
    /// <summary>The word that begins a chunk, where its weight is −1: within (…:1.2) it has another one and is a word as any.</summary>
    public static WeightedText Break { get; } = new("BREAK", -1);

    const double Round = 1.1, Square = 1 / 1.1;

    /// <summary>A prompt's stretches, one at least.</summary>
    /// <exception cref="LowrankException">A weight in round brackets is no number, as 1.2.3.</exception>
    public static IReadOnlyList<WeightedText> Read(string prompt)
    {
        var stretches = new List<WeightedText>();
        var (rounds, squares) = (new Stack<int>(), new Stack<int>());
        foreach (Match sign in Signs().Matches(prompt))
        {
            string text = sign.Value;
            var weight = sign.Groups[1];
            if (text[0] == '\\') stretches.Add(new(text[1..], 1));
            else if (text == "(") rounds.Push(stretches.Count);
            else if (text == "[") squares.Push(stretches.Count);
            else if (weight.Success && rounds.Count > 0) Multiply(stretches, rounds.Pop(), Number(weight.Value, prompt));
            else if (text == ")" && rounds.Count > 0) Multiply(stretches, rounds.Pop(), Round);
            else if (text == "]" && squares.Count > 0) Multiply(stretches, squares.Pop(), Square);
            else AddWords(stretches, text);
        }
        foreach (int open in rounds.Reverse()) Multiply(stretches, open, Round);
        foreach (int open in squares.Reverse()) Multiply(stretches, open, Square);
        return stretches.Count == 0 ? [new("", 1)] : Merged(stretches);
    }

    static void AddWords(List<WeightedText> stretches, string text)
    {
        string[] between = BreakBetween().Split(text);
        for (int i = 0; i < between.Length; i++)
        {
            if (i > 0) stretches.Add(Break);
            stretches.Add(new(between[i], 1));
        }
    }

    static void Multiply(List<WeightedText> stretches, int from, double by)
    {
        for (int i = from; i < stretches.Count; i++) stretches[i] = stretches[i] with { Weight = stretches[i].Weight * by };
    }

    static List<WeightedText> Merged(List<WeightedText> stretches)
    {
        var merged = new List<WeightedText>();
        for (int i = 0; i < stretches.Count;)
        {
            double weight = stretches[i].Weight;
            int end = i + 1;
            while (end < stretches.Count && stretches[end].Weight == weight) end++;
            merged.Add(new(string.Concat(stretches[i..end].Select(stretch => stretch.Text)), weight));
            i = end;
        }
        return merged;
    }

    static double Number(string weight, string prompt) => PythonNumbers.Float(weight) ?? throw new LowrankException(
        $"The prompt \"{prompt}\" gives the weight {weight}, which is no number. " +
        "Write one such as 1.2, or \\( and \\) for brackets that are meant as such.");

    [GeneratedRegex("""\\\(|\\\)|\\\[|\\]|\\\\|\\|\(|\[|:\s*([+-]?[.0-9]+)\s*\)|\)|]|[^\\()\[\]:]+|:""")]
    private static partial Regex Signs();

    [GeneratedRegex("""\s*\bBREAK\b\s*""")]
    private static partial Regex BreakBetween();
}
