namespace Lowrank.Language;

/// <summary>Trims offsets, where it is asked to.</summary>
sealed class ByteLevelProcessor(bool trimsOffsets, bool addsPrefixSpace) : IPostProcessor
{
    /// <inheritdoc/>
    public int AddedTo(bool pair) => 0;

    /// <inheritdoc/>
    public List<TokenRow> Process(List<TokenRow> rows, bool addsSpecials, Func<int, string?> tokenOf)
    {
        if (trimsOffsets)
            foreach (var row in rows) OffsetTrimmer.Trim(row, addsPrefixSpace, tokenOf);
        return rows;
    }
}
