namespace Lowrank.Diffusion;

/// <summary>A piece of a prompt by AUTOMATIC1111's grammar.</summary>
abstract record WebUiPiece
{
    /// <summary>What it says in a step, counted from 1.</summary>
    /// <param name="step">The step.</param>
    /// <param name="when">The step that a number in it means.</param>
    public abstract string At(int step, Func<string, int> when);

    /// <summary>Adds the steps after which it says something else.</summary>
    public abstract void AddEnds(ISet<int> ends, int steps, Func<string, int> when);

    protected static string Said(IReadOnlyList<WebUiPiece> pieces, int step, Func<string, int> when) =>
        string.Concat(pieces.Select(piece => piece.At(step, when)));

    /// <summary>Text that stays.</summary>
    public sealed record Words(string Text) : WebUiPiece
    {
        public override string At(int step, Func<string, int> when) => Text;

        public override void AddEnds(ISet<int> ends, int steps, Func<string, int> when) { }
    }

    /// <summary>[before:after:number]</summary>
    public sealed record Edited(IReadOnlyList<WebUiPiece> Before, IReadOnlyList<WebUiPiece> After, string Number) : WebUiPiece
    {
        public override string At(int step, Func<string, int> when) => Said(step <= when(Number) ? Before : After, step, when);

        public override void AddEnds(ISet<int> ends, int steps, Func<string, int> when)
        {
            if (when(Number) is >= 1 and var end) ends.Add(end);
            foreach (var piece in Before.Concat(After)) piece.AddEnds(ends, steps, when);
        }
    }

    /// <summary>[one|another|...], a step each.</summary>
    public sealed record Alternating(IReadOnlyList<IReadOnlyList<WebUiPiece>> Options) : WebUiPiece
    {
        public override string At(int step, Func<string, int> when) => Said(Options[(step - 1) % Options.Count], step, when);

        public override void AddEnds(ISet<int> ends, int steps, Func<string, int> when) => ends.UnionWith(Enumerable.Range(1, steps));
    }
}
