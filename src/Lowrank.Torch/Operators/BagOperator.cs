namespace Lowrank.Torch;

/// <summary>
/// libtorch's sum, mean or maximum over rows of words, which TorchSharp offers only inside a module with a weight of its own.
/// </summary>
static class BagOperator
{
    const string Script = """
        def bag(weight, ids, offsets, mode: int, shares: Optional[Tensor], last: bool, padding: Optional[int]):
            y, a, b, c = torch.embedding_bag(weight, ids, offsets, False, mode, False, shares, last, padding)
            return y

        """;

    static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(Script));

    /// <summary>A row for each bag.</summary>
    /// <param name="weight">Rows of words.</param>
    /// <param name="ids">Words of all bags in a row.</param>
    /// <param name="offsets">Where each bag begins.</param>
    /// <param name="shares">A factor for each word; null for none.</param>
    /// <param name="rule">What is done with the rows of a bag.</param>
    public static Tensor Run(Tensor weight, Tensor ids, Tensor offsets, Tensor? shares, BagRule rule)
    {
        // invoke() makes a native scalar of each number and keeps none of them alive.
        using Scalar mode = rule.Mode;
        using Scalar? padding = rule.Padding is { } word ? word : null;
        return (Tensor)unit.Value.invoke("bag", weight, ids, offsets, mode, shares!, rule.EndsWithLast, padding!);
    }
}
