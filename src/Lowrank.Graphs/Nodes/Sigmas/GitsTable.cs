using System.Globalization;

namespace Lowrank.Graphs;

/// <summary>Sigmas that were found by search, for each number of steps from 2 to 20 and each coefficient from 0.80 to 1.50.</summary>
/// <remarks>
/// The numbers are those of ComfyUI's comfy_extras/nodes_gits.py (0.3.64), computed by the authors' programs (zju-pi/diff-sampler).
/// </remarks>
static class GitsTable
{
    /// <summary>Steps of the first row.</summary>
    public const int FewestSteps = 2;

    static readonly Lazy<ILookup<string, double[]>> rows = new(Read);

    /// <summary>The sigmas of 2, 3, .., 20 steps.</summary>
    /// <param name="coefficient">The higher, the more steps lie at low noise; heeded to two digits.</param>
    /// <exception cref="LowrankException">There are none for it.</exception>
    public static IReadOnlyList<double[]> Rows(double coefficient)
    {
        double[][] found = [.. rows.Value[Named(coefficient)]];
        if (found.Length > 0) return found;
        string known = string.Join(", ", rows.Value.Select(row => row.Key));
        throw new LowrankException($"No sigmas were searched for a coefficient of {Named(coefficient)}. There are those for {known}.");
    }

    static string Named(double coefficient) => coefficient.ToString("F2", CultureInfo.InvariantCulture);

    // A line for each row: its coefficient, then its sigmas.
    static ILookup<string, double[]> Read()
    {
        using var stream = typeof(GitsTable).Assembly.GetManifestResourceStream("GitsSigmas.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '));
        return lines.ToLookup(words => words[0], words => words[1..].Select(Number).ToArray());

        static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
    }
}
