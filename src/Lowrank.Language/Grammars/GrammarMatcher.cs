using System.Collections;

namespace Lowrank.Language;

/// <summary>Holds one text to a grammar, token by token.</summary>
public sealed class GrammarMatcher
{
    // Places whose tokens are remembered: a row of bits for each.
    const int MostRemembered = 256;

    readonly SortedTokens tokens;
    readonly GrammarMachine machine;
    readonly Dictionary<GrammarPoint, BitArray> remembered = [];
    GrammarPoint point;

    /// <summary>At the beginning of a text.</summary>
    public GrammarMatcher(Grammar grammar, SortedTokens tokens)
    {
        this.tokens = tokens;
        machine = new(grammar);
        point = new(machine.Start, 0, 0);
    }

    /// <summary>
    /// Whether, where the text can only go on in one way, only the longest token of that way is allowed, as llguidance does: a model writes
    /// it so by itself.
    /// </summary>
    public bool TakesLongest { get; init; }

    /// <summary>Whether the text may end here.</summary>
    public bool MayEnd => point.Remaining == 0 && point.State.MayEnd;

    /// <summary>Whether it must: nothing can follow.</summary>
    public bool IsComplete => MayEnd && point.State.Frames.Count == 0;

    /// <summary>Whether a token may follow: its bytes, of which the last may begin a character; an end token where the text may
    /// end.</summary>
    public bool Allows(int id)
    {
        if (tokens.Texts.IsEnd(id)) return MayEnd;
        return tokens.Texts[id].Length > 0 && After(id) is not null;
    }

    /// <summary>Goes on by a token.</summary>
    /// <exception cref="LowrankException">The grammar does not allow it.</exception>
    public void Accept(int id)
    {
        if (!Allows(id))
            throw new LowrankException($"the grammar does not allow token {id} here. Was a token chosen that was not asked for?");
        if (!tokens.Texts.IsEnd(id)) point = After(id)!.Value;
    }

    /// <summary>The tokens that may follow, by their ids; end tokens are not among them (<see cref="MayEnd"/>).</summary>
    public BitArray Allowed()
    {
        if (remembered.TryGetValue(point, out var known)) return known;
        var allowed = new BitArray(tokens.Texts.Count);
        FindAllowed(allowed);
        if (TakesLongest) KeepLongest(allowed);
        if (remembered.Count >= MostRemembered) remembered.Clear();
        return remembered[point] = allowed;
    }

    /// <summary>Bans the tokens that may not follow.</summary>
    /// <exception cref="LowrankException">There are fewer logits than tokens with texts, or no token may follow.</exception>
    public void Ban(Span<float> logits)
    {
        var allowed = Allowed();
        bool any = false, isBanned = false;
        for (int id = 0; id < logits.Length; id++)
        {
            bool isKept = id < allowed.Length && (tokens.Texts.IsEnd(id) ? MayEnd : allowed[id]);
            isBanned |= isKept;
            if (isKept) any |= !float.IsNegativeInfinity(logits[id]);
            else logits[id] = float.NegativeInfinity;
        }
        if (!any) throw Fault(isBanned);
    }

    // Where a token would do, other rules have banned it: the vocabulary is not to blame.
    LowrankException Fault(bool isBanned)
    {
        if (IsComplete && isBanned)
            return new("the text is whole by the grammar, and the other rules ban every token that would end it. Does it have to have " +
                "more tokens (`min tokens`) than the grammar has room for? Ask for fewer.");
        return new(isBanned
            ? "the other rules (least lengths, repetitions, forbidden tokens) ban every token that the grammar allows here. Loosen them."
            : "no token goes on as the grammar has it. Does the vocabulary have the grammar's characters, and an end token?");
    }

    // Bytes that can follow a place, two at most: more are not told apart.
    int Ways(GrammarPoint at)
    {
        int ways = at.Remaining == 0 && at.State.MayEnd ? 1 : 0;
        for (int value = 0; value < 256 && ways < 2; value++)
            if (at.Next(machine, (byte)value) is not null) ways++;
        return ways;
    }

    void KeepLongest(BitArray allowed)
    {
        int longest = -1;
        foreach (int id in tokens.Ids)
        {
            if (!allowed[id]) continue;
            bool goesOn = longest < 0 || tokens.Texts[id].StartsWith(tokens.Texts[longest]);
            if (!goesOn) return;
            longest = id;
        }
        if (longest < 0) return;
        var at = point;
        foreach (byte value in tokens.Texts[longest])
        {
            if (Ways(at) != 1) return;
            at = at.Next(machine, value)!.Value;
        }
        allowed.SetAll(false);
        allowed[longest] = true;
    }

    GrammarPoint? After(int id)
    {
        var at = point;
        foreach (byte value in tokens.Texts[id])
        {
            if (at.Next(machine, value) is not { } next) return null;
            at = next;
        }
        return at;
    }

    // Tokens come in the order of their bytes: what one shares with the one before is not walked again, and where a beginning leads
    // nowhere, all that begin so are passed over.
    void FindAllowed(BitArray allowed)
    {
        var path = new List<GrammarPoint> { point };
        int dead = int.MaxValue;
        for (int at = 0; at < tokens.Ids.Length; at++)
        {
            int shared = tokens.Shared(at);
            if (shared > dead) continue;
            dead = int.MaxValue;
            path.RemoveRange(shared + 1, path.Count - shared - 1);
            var bytes = tokens.Texts[tokens.Ids[at]];
            while (path.Count <= bytes.Length && path[^1].Next(machine, bytes[path.Count - 1]) is { } next) path.Add(next);
            if (path.Count > bytes.Length) allowed[tokens.Ids[at]] = true;
            else dead = path.Count - 1;
        }
    }
}
