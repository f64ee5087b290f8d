namespace Lowrank.Diffusion;

/// <summary>A piece of a prompt by AUTOMATIC1111's grammar: words, or several sides of which each step says one.</summary>
abstract record WebUiPiece
{
    /// <summary>What it says in a step, counted from 1.</summary>
    /// <param name="step">The step.</param>
    /// <param name="when">The step that a number in it means.</param>
    public virtual string At(int step, Func<string, int> when) => Said(Sides[SideAt(step, when)], step, when);

    /// <summary>Adds the steps after which it says something else.</summary>
    public virtual void AddEnds(ISet<int> ends, int steps, Func<string, int> when)
    {
        foreach (var piece in Sides.SelectMany(side => side)) piece.AddEnds(ends, steps, when);
    }

    /// <summary>Adds the sides that are said in a step.</summary>
    public void AddSaid(ISet<object> said, int step, Func<string, int> when)
    {
        if (Sides.Count == 0) return;
        var side = Sides[SideAt(step, when)];
        said.Add(side);
        foreach (var piece in side) piece.AddSaid(said, step, when);
    }

    /// <summary>The outermost sides with words that are not among those said, as they are written.</summary>
    public IEnumerable<(string Words, string Piece)> Unsaid(ISet<object> said)
    {
        foreach (var side in Sides)
        {
            if (said.Contains(side))
                foreach (var lost in side.SelectMany(piece => piece.Unsaid(said))) yield return lost;
            else if (string.Concat(side) is var words && !string.IsNullOrWhiteSpace(words)) yield return (words.Trim(), ToString());
        }
    }

    /// <summary>What pieces say together.</summary>
    public static string Said(IReadOnlyList<WebUiPiece> pieces, int step, Func<string, int> when) =>
        string.Concat(pieces.Select(piece => piece.At(step, when)));

    /// <summary>What it may say; none of words that stay.</summary>
    protected abstract IReadOnlyList<IReadOnlyList<WebUiPiece>> Sides { get; }

    /// <summary>Which of its sides a step says.</summary>
    protected abstract int SideAt(int step, Func<string, int> when);

    /// <summary>As it is written.</summary>
    public abstract override string ToString();

    /// <summary>Text that stays.</summary>
    public sealed record Words(string Text) : WebUiPiece
    {
        protected override IReadOnlyList<IReadOnlyList<WebUiPiece>> Sides => [];

        protected override int SideAt(int step, Func<string, int> when) => 0;

        public override string At(int step, Func<string, int> when) => Text;

        public override string ToString() => Text;
    }

    /// <summary>[before:after:number]</summary>
    public sealed record Edited(IReadOnlyList<WebUiPiece> Before, IReadOnlyList<WebUiPiece> After, string Number) : WebUiPiece
    {
        protected override IReadOnlyList<IReadOnlyList<WebUiPiece>> Sides => [Before, After];

        protected override int SideAt(int step, Func<string, int> when) => step <= when(Number) ? 0 : 1;

        public override void AddEnds(ISet<int> ends, int steps, Func<string, int> when)
        {
            if (when(Number) is >= 1 and var end) ends.Add(end);
            base.AddEnds(ends, steps, when);
        }

        public override string ToString() =>
            Before.Count == 0 ? $"[{string.Concat(After)}:{Number}]" : $"[{string.Concat(Before)}:{string.Concat(After)}:{Number}]";
    }

    /// <summary>[one|another|...], a step each.</summary>
    public sealed record Alternating(IReadOnlyList<IReadOnlyList<WebUiPiece>> Options) : WebUiPiece
    {
        protected override IReadOnlyList<IReadOnlyList<WebUiPiece>> Sides => Options;

        protected override int SideAt(int step, Func<string, int> when) => (step - 1) % Options.Count;

        public override void AddEnds(ISet<int> ends, int steps, Func<string, int> when) => ends.UnionWith(Enumerable.Range(1, steps));

        public override string ToString() => $"[{string.Join('|', Options.Select(option => string.Concat(option)))}]";
    }
}
