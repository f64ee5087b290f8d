namespace Lowrank.Adapters.Tests;

/// <summary>The README's table of methods is what <see cref="Methods.All"/> says.</summary>
public class MethodTableTests
{
    static readonly (string Name, LayerKind Kind, long[] Shape)[] layers =
    [
        ("linear", LayerKind.Linear, [8, 8]), ("conv", LayerKind.Conv2d, [8, 8, 3, 3]), ("1x1 conv", LayerKind.Conv2d, [8, 8, 1, 1]), ("embedding", LayerKind.Embedding, [8, 8]), ("norm", LayerKind.Norm, [8]),
    ];

    [Fact]
    public void TheReadmeTellsOfEveryMethod() => WrittenPage.Check("README.md", "methods", Table());

    [Fact]
    public void TheReadmeCountsTheMethods() => Assert.Contains(
        $" {Methods.All.Count} methods with their options", File.ReadAllText(Path.Combine(GoldenFolder.Repository, "README.md")), StringComparison.Ordinal);

    static string Table()
    {
        using var scope = NewDisposeScope();
        var rows = Methods.All.Select(Row);
        return "| method | adapts | DoRA | learned scalar | files | paper |\n|---|---|---|---|---|---|\n" + string.Concat(rows.Select(row => row + "\n"));
    }

    static string Row(MethodDescriptor method)
    {
        var options = method.OwnOptions(new MethodOptions(2));
        var fitting = layers.Where(l => method.Refuses(new Target("layer", l.Kind, l.Shape), options) is null).ToList();
        // A convolution of any kernel goes without saying where the larger one fits.
        var names = fitting.Select(l => l.Name).Where(name => name != "1x1 conv" || !fitting.Any(l => l.Name == "conv"));
        var (_, kind, shape) = fitting[0];
        using var made = method.Create(new Target("layer", kind, shape), options, new Initialization(new Generator(1), () => randn(8, kind == LayerKind.Norm ? 1 : 8), bias: () => zeros(8)));
        bool adds = made is AdditiveReparameterization;
        bool scalar = adds && method.ScalarParts(made.Parts.Select(p => p.Part).ToHashSet()).Count > 0;
        var files = Dialects.All.Where(dialect => made.Parts.All(p => p.Part == "alpha" || dialect.Spelling.KeyOf(made, p.Part, "", ComponentRole.Denoiser) is not null)).Select(dialect => dialect.Name)
            // PEFT's scales a bias with its output.
            .Select(name => method == Ia3.Descriptor && name == "peft" ? "peft (`scale_bias=true` where layers have biases)" : name);
        return $"| `{method.Name}` | {string.Join(", ", names)} | {(adds ? "yes" : "")} | {(scalar ? "yes" : "")} | {string.Join(", ", files)} | {method.Paper} |";
    }
}
