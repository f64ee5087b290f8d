namespace Lowrank.Diffusion;

/// <summary>What a label says.</summary>
/// <param name="Lines">Its lines, from the top.</param>
public sealed record LabelText(IReadOnlyList<LabelLine> Lines)
{
    /// <summary>A text as it stands.</summary>
    public static implicit operator LabelText(string text) => new([new LabelLine(text)]);

    /// <summary>Several lines.</summary>
    public static LabelText OfLines(IEnumerable<LabelLine> lines) => new([.. lines]);

    /// <summary>Whether there is nothing to be seen of it.</summary>
    public bool IsBlank => Lines.All(line => string.IsNullOrWhiteSpace(line.Text));

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', Lines.Select(line => line.Text));
}
