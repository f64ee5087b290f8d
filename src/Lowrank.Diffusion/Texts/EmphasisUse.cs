using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Whether a prompt gives any of its words a weight, as AUTOMATIC1111 reads brackets.</summary>
/// <remarks>Source: modules/prompt_parser.py, parse_prompt_attention, at 82a973c.</remarks>
static partial class EmphasisUse
{
    /// <summary>Whether a word's weight is not 1.</summary>
    public static bool Stands(string prompt)
    {
        const double bracket = 1.1;
        var weights = new List<double>();
        Stack<int> round = new(), square = new();
        foreach (Match sign in Sign().Matches(prompt))
        {
            if (sign.Value == "(") round.Push(weights.Count);
            else if (sign.Value == "[") square.Push(weights.Count);
            else if (Number(sign.Groups[1].Value) is { } weight && round.TryPop(out int weighted)) Multiply(weighted, weight);
            else if (sign.Value == ")" && round.TryPop(out int strong)) Multiply(strong, bracket);
            else if (sign.Value == "]" && square.TryPop(out int weak)) Multiply(weak, 1 / bracket);
            else weights.AddRange(Break().Split(sign.Value).Select(_ => 1.0));
        }
        foreach (int open in round) Multiply(open, bracket);
        foreach (int open in square) Multiply(open, 1 / bracket);
        return weights.Exists(weight => weight != 1);

        void Multiply(int from, double by)
        {
            for (int i = from; i < weights.Count; i++) weights[i] *= by;
        }
    }

    static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    // An escaped bracket, a bracket, a weight with the bracket behind it, other text.
    [GeneratedRegex(@"\\[()\[\]\\]|\\|\(|\[|:\s*([+-]?[.\d]+)\s*\)|\)|\]|[^\\()\[\]:]+|:")]
    private static partial Regex Sign();

    [GeneratedRegex(@"\s*\bBREAK\b\s*")]
    private static partial Regex Break();
}
