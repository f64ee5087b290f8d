namespace Lowrank.Training;

/// <summary>Facts and a text about them, as the LoRA paper's own code makes ids of them (examples/NLG/src/gpt2_encode.py and FT_Dataset at
/// c4593f0).</summary>
/// <param name="Context">The facts' ids and the begin token, which belongs to them.</param>
/// <param name="Completion">The text's ids, made with a space in front, and the end token.</param>
sealed record PaperRow(IReadOnlyList<int> Context, IReadOnlyList<int> Completion)
{
    /// <summary>The ids of facts and a text; one token begins and ends.</summary>
    public static PaperRow Of(string context, string completion, RowEncoder encoder) => new(
        [.. encoder.BareText(context), encoder.Tokens.End], [.. encoder.BareText(" " + completion), encoder.Tokens.End]);

    /// <summary>The row, its end cut at a length. What is cut away counts nothing, nor what it would have foretold: a cut row counts one
    /// token less than the paper's targets have.</summary>
    /// <param name="length">The most tokens.</param>
    /// <param name="joint">Whether the facts count too (the paper's <c>obj: jlm</c>).</param>
    public LearnedRow Row(int length, bool joint = false) =>
        LearnedRow.From([.. Context, .. Completion], joint ? 0 : Context.Count).Cut(length, keepsEnd: false);

    /// <summary>The facts alone, to be answered: the last tokens that leave room for the answer.</summary>
    /// <param name="length">The most tokens of facts and answer.</param>
    /// <param name="answer">Room for the answer.</param>
    public List<int> Query(int length, int answer) => [.. Context.Skip(Math.Max(0, Context.Count - (length - answer)))];
}
