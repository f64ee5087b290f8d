using System.IO.Compression;

namespace Lowrank.Bench;

/// <summary>Weights of published models by name and shape, from the key lists of the golden numbers.</summary>
static class ModelShapes
{
    /// <summary>
    /// What kohya adapts of the UNet without a rank for convolutions: linear layers and 1×1 convolutions of the transformers.
    /// </summary>
    public static IReadOnlyList<Target> Transformers(string model) =>
        [.. UNet(model).Where(t => t.Path.Contains(".attentions.", StringComparison.Ordinal) && t.WeightShape.Length > 1)];

    static IEnumerable<Target> UNet(string model)
    {
        string path = Path.Combine(BenchModel.FindRoot(), "tests", "Goldens", "data", "diffusion", "naming", model + ".tsv.gz");
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            const string Weight = ".weight";
            if (line.Split('\t') is not ["unet", var key, var sizes, ..] || !key.EndsWith(Weight, StringComparison.Ordinal)) continue;
            long[] shape = [.. sizes.Split('x').Select(long.Parse)];
            var kind = shape.Length switch { 1 => LayerKind.Norm, 2 => LayerKind.Linear, _ => LayerKind.Conv2d };
            yield return new Target("unet." + key[..^Weight.Length], kind, shape);
        }
    }
}
