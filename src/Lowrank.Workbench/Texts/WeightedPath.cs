using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>A file with its weight or strength, as reports name it.</summary>
static class WeightedPath
{
    /// <summary>"mine.safetensors:0.4"; the weight is rounded where sums of weights end in long rows of digits.</summary>
    public static string Text(string path, double weight) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}:{Rounded(weight)}");

    static double Rounded(double weight) => Math.Abs(weight) < 1e-6 ? weight : Math.Round(weight, 10);
}
