using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>A base model with its weight in a sum.</summary>
/// <param name="Path">Folder or file.</param>
/// <param name="Weight">Its weight.</param>
public sealed record WeightedModel(string Path, double Weight)
{
    /// <summary>As reports tell it: "mine.safetensors:0.4".</summary>
    internal string Told() => Told(Path, Weight);

    /// <summary>A path with a weight, which is rounded where sums of weights end in long rows of digits.</summary>
    internal static string Told(string path, double weight) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}:{Math.Round(weight, 10)}");
}
