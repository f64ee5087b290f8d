namespace Lowrank.Language;

/// <summary>Where a text of bytes stands in a grammar: a state, and the beginning of a character.</summary>
/// <param name="State">The state before that character.</param>
/// <param name="Value">Its bits so far.</param>
/// <param name="Remaining">Bytes that it lacks.</param>
readonly record struct GrammarPoint(GrammarState State, int Value, int Remaining)
{
    /// <summary>Goes on by a byte; null where the grammar, or UTF-8, does not.</summary>
    internal GrammarPoint? Next(GrammarMachine machine, byte value)
    {
        if (Remaining == 0) return Begin(machine, value);
        if ((value & 0xc0) != 0x80) return null;
        int bits = (Value << 6) | (value & 0x3f);
        return Remaining == 1 ? Ended(machine, bits) : Within(machine, bits, Remaining - 1);
    }

    GrammarPoint? Begin(GrammarMachine machine, byte value)
    {
        if (value == 0) return null;
        if (value < 0x80) return Ended(machine, value);
        if (value < 0xc0) return null;
        // As in llama.cpp, bytes above F4 begin characters beyond Unicode, which "any other" holds.
        if (value < 0xe0) return Within(machine, value & 0x1f, 1);
        return value < 0xf0 ? Within(machine, value & 0x0f, 2) : Within(machine, value & 0x0f, 3);
    }

    GrammarPoint? Ended(GrammarMachine machine, int codePoint) => machine.Next(State, codePoint) is { } next ? new(next, 0, 0) : null;

    // The shortest form alone is a character: two bytes from 80, three from 800, four from 10000.
    GrammarPoint? Within(GrammarMachine machine, int bits, int remaining)
    {
        int first = bits << (6 * remaining), last = first | ((1 << (6 * remaining)) - 1);
        if (remaining == 1 && bits < 2) return null;
        if (first == 0) first = remaining == 2 ? 0x800 : 0x10000;
        return machine.MayFollow(State, first, last) ? new(State, bits, remaining) : null;
    }
}
