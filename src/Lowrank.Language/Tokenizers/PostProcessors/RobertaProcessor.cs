namespace Lowrank.Language;

/// <summary>RoBERTa's: begin A end, or begin A end end B end, all of type 0.</summary>
sealed class RobertaProcessor(int begin, int end, bool trimsOffsets, bool addsPrefixSpace) : IPostProcessor
{
    /// <inheritdoc/>
    public int AddedTo(bool pair) => pair ? 4 : 2;

    /// <inheritdoc/>
    public List<TokenRow> Process(List<TokenRow> rows, bool addsSpecials, Func<int, string?> tokenOf)
    {
        var made = new TokenRow();
        for (int i = 0; i < rows.Count; i++)
        {
            if (trimsOffsets) OffsetTrimmer.Trim(rows[i], addsPrefixSpace, tokenOf);
            if (addsSpecials) made.AddSpecial(i == 0 ? begin : end, 0);
            made.AddAll(rows[i], typeId: 0);
            if (addsSpecials) made.AddSpecial(end, 0);
        }
        return [made];
    }
}
