namespace Lowrank.Language;

/// <summary>BERT's: begin A end, or begin A end B end with B of type 1.</summary>
sealed class BertProcessor(int begin, int end) : IPostProcessor
{
    /// <inheritdoc/>
    public int AddedTo(bool pair) => pair ? 3 : 2;

    /// <inheritdoc/>
    public List<TokenRow> Process(List<TokenRow> rows, bool addsSpecials, Func<int, string?> tokenOf)
    {
        if (!addsSpecials) return rows;
        var made = new TokenRow();
        for (int i = 0; i < rows.Count; i++)
        {
            if (i == 0) made.AddSpecial(begin, 0);
            made.AddAll(rows[i], typeId: i);
            made.AddSpecial(end, i);
        }
        return [made];
    }
}
