namespace Lowrank.Language;

/// <summary>Texts and tokens in the order of a template.</summary>
sealed class TemplateProcessor(IReadOnlyList<TemplatePart> single, IReadOnlyList<TemplatePart> pair) : IPostProcessor
{
    /// <inheritdoc/>
    public int AddedTo(bool pair) => PartsOf(pair).Sum(part => part.Ids?.Count ?? 0);

    /// <inheritdoc/>
    public List<TokenRow> Process(List<TokenRow> rows, bool addsSpecials, Func<int, string?> tokenOf)
    {
        var made = new TokenRow();
        foreach (var part in PartsOf(rows.Count > 1))
            if (part.Ids is null) made.AddAll(rows[Math.Min(part.Text, rows.Count - 1)], part.TypeId);
            else if (addsSpecials)
                foreach (int id in part.Ids) made.AddSpecial(id, part.TypeId);
        return [made];
    }

    IReadOnlyList<TemplatePart> PartsOf(bool isPair) => isPair ? pair : single;

    /// <summary>The begin and end tokens of the plain kind of template: some tokens, the text, some tokens.</summary>
    public static TemplateProcessor Around(IReadOnlyList<int> before, IReadOnlyList<int> after)
    {
        TemplatePart[] single = [new(before, 0, 0), new(null, 0, 0), new(after, 0, 0)];
        TemplatePart[] pair = [.. single, new(before, 0, 1), new(null, 1, 1), new(after, 0, 1)];
        return new(single, pair);
    }
}
