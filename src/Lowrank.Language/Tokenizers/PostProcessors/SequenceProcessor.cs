namespace Lowrank.Language;

/// <summary>Several, one after the other.</summary>
sealed class SequenceProcessor(IReadOnlyList<IPostProcessor> processors) : IPostProcessor
{
    /// <inheritdoc/>
    public int AddedTo(bool pair) => processors.Sum(processor => processor.AddedTo(pair));

    /// <inheritdoc/>
    public List<TokenRow> Process(List<TokenRow> rows, bool addsSpecials, Func<int, string?> tokenOf)
    {
        foreach (var processor in processors) rows = processor.Process(rows, addsSpecials, tokenOf);
        return rows;
    }
}
