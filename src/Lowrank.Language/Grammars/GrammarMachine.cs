namespace Lowrank.Language;

/// <summary>Walks through a grammar character by character, and remembers the ways it went.</summary>
sealed class GrammarMachine
{
    readonly Grammar grammar;
    readonly Dictionary<(int Position, int After), GrammarFrame> frames = [];
    readonly Dictionary<string, GrammarState> states = new(StringComparer.Ordinal);

    internal GrammarMachine(Grammar grammar)
    {
        this.grammar = grammar;
        var walk = new Walk(this);
        foreach (int start in grammar.Alternatives(grammar.Root)) walk.Enter(start, null);
        Start = walk.State();
    }

    internal GrammarState Start { get; }

    internal GrammarState? Next(GrammarState state, int codePoint)
    {
        if (state.Following.TryGetValue(codePoint, out var known)) return known;
        var walk = new Walk(this);
        foreach (var frame in state.Frames)
            if (grammar[frame.Position].Class!.Holds(codePoint)) walk.Enter(frame.Position + 1, frame.Rest);
        var next = walk.IsEmpty ? null : walk.State();
        return state.Following[codePoint] = next;
    }

    /// <summary>Whether one of a row of code points may follow.</summary>
    internal bool MayFollow(GrammarState state, int first, int last)
    {
        foreach (var frame in state.Frames)
            if (grammar[frame.Position].Class!.HoldsAny(first, last)) return true;
        return false;
    }

    GrammarFrame Frame(int position, GrammarFrame? rest)
    {
        var key = (position, rest?.Number ?? -1);
        if (!frames.TryGetValue(key, out var frame)) frames[key] = frame = new(position, rest, frames.Count);
        return frame;
    }

    // Follows rules until characters stand at every place.
    sealed class Walk(GrammarMachine machine)
    {
        readonly HashSet<(int Position, int After)> seen = [];
        readonly Stack<(int Position, GrammarFrame? Following)> open = [];
        readonly SortedDictionary<int, GrammarFrame> found = [];
        bool mayEnd;

        internal bool IsEmpty => found.Count == 0 && !mayEnd;

        // A stack of its own: thousands of parts that may be empty stand one behind the other.
        internal void Enter(int position, GrammarFrame? rest)
        {
            open.Push((position, rest));
            while (open.TryPop(out var next)) Follow(next.Position, next.Following);
        }

        void Follow(int position, GrammarFrame? rest)
        {
            if (!seen.Add((position, rest?.Number ?? -1))) return;
            var element = machine.grammar[position];
            if (element.Class is not null)
            {
                var frame = machine.Frame(position, rest);
                found[frame.Number] = frame;
            }
            else if (!element.IsEnd)
            {
                var after = machine.grammar[position + 1].IsEnd ? rest : machine.Frame(position + 1, rest);
                foreach (int start in machine.grammar.Alternatives(element.Rule)) open.Push((start, after));
            }
            else if (rest is null) mayEnd = true;
            else open.Push((rest.Position, rest.Rest));
        }

        internal GrammarState State()
        {
            string key = (mayEnd ? "e " : "") + string.Join(' ', found.Keys);
            if (!machine.states.TryGetValue(key, out var state)) machine.states[key] = state = new([.. found.Values], mayEnd);
            return state;
        }
    }
}
