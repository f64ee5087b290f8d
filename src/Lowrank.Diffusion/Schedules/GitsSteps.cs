using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>
/// The tables of GITS (Chen et al. 2024, arXiv:2405.11326): sigmas where the paths of samples bend, from the file gits.txt beside.
/// </summary>
static class GitsSteps
{
    const int Fewest = 2;

    static readonly Lazy<IReadOnlyDictionary<string, List<double[]>>> tables = new(Read);

    /// <summary>The sigmas of so many steps, from the largest to the smallest; the smallest stands where ComfyUI puts a zero.</summary>
    internal static IEnumerable<double> Of(double coefficient, int steps)
    {
        if (steps < Fewest) throw new LowrankException($"GITS has no table of {steps} steps; it begins at {Fewest}.");
        string name = coefficient.ToString("0.00", CultureInfo.InvariantCulture);
        if (!tables.Value.TryGetValue(name, out var rows))
            throw new LowrankException($"GITS has no table of coefficient {name}; there are {string.Join(", ", tables.Value.Keys)}.");
        return steps - Fewest < rows.Count ? rows[steps - Fewest] : Spread.Logarithmic(rows[^1], steps + 1);
    }

    static Dictionary<string, List<double[]>> Read()
    {
        using var stream = typeof(GitsSteps).Assembly.GetManifestResourceStream("gits.txt")!;
        using var reader = new StreamReader(stream);
        var sigmas = new List<double>();
        var read = new Dictionary<string, List<double[]>>();
        List<double[]> rows = [];
        while (reader.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            if (words[0] == "sigmas") sigmas.AddRange(words.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)));
            else if (words[0] == "coefficient") read[words[1]] = rows = [];
            else if (words[0] != "#") rows.Add([.. words.Select(word => sigmas[int.Parse(word, CultureInfo.InvariantCulture)])]);
        }
        return read;
    }
}
