using Parameter = TorchSharp.Modules.Parameter;

namespace Lowrank.Extending.Tests;

/// <summary>A method that lives outside the library: Δ = column·rowᵀ, the outer product of two trained vectors.</summary>
public sealed class OuterProduct : FactoredReparameterization
{
    readonly Parameter column, row;

    /// <summary>Of given vectors.</summary>
    public OuterProduct(Target target, Tensor column, Tensor row) : base(Descriptor, target)
    {
        this.column = Train("column", column, target.Out, 1);
        this.row = Train("row", row, 1, target.Columns);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("column", column), ("row", row)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors() => (column, row);

    static OuterProduct Fresh(Target target, MethodOptions options, Initialization begin) =>
        new(target, zeros([target.Out], device: CPU), begin.Kaiming(1, target.Columns));

    /// <summary>What is added to the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "outer-product", "a test's own", [new("column", "(out, 1)"), new("row", "(1, in·kernel)")],
        Fresh, (target, parts) => new OuterProduct(target, parts["column"], parts["row"]))
    {
        ScalarParts = _ => new HashSet<string> { "column" },
        Facts = shapes => new PartFacts(1, shapes["column"][0], shapes["row"][1], []),
    };
}
