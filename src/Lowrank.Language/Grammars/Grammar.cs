using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>A grammar that answers are held to, compiled to rows of characters and rules.</summary>
public sealed class Grammar
{
    // Elements that a grammar may grow to; counted repetitions are written out.
    const int Most = 200_000;

    readonly List<GrammarElement> elements = [];
    readonly List<List<int>> starts = [];
    readonly List<string> names = [];
    readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    readonly IReadOnlyDictionary<string, GrammarNode> rules;

    /// <summary>A grammar of rules by their names.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="root">The rule that the whole text follows.</param>
    /// <exception cref="LowrankException">A rule is missing or begins with itself, or the grammar is too large or too deep.</exception>
    public Grammar(IReadOnlyDictionary<string, GrammarNode> rules, string root = "root")
    {
        this.rules = rules;
        try
        {
            Root = RoomyStack.Run(() => Compiled(root));
        }
        catch (InsufficientExecutionStackException error)
        {
            throw new LowrankException("the grammar's parts stand too deep within each other. Give inner ones a rule of their own.", error);
        }
        LeftRecursion.Refuse(this, names);
    }

    internal int Root { get; }

    internal int RuleCount => starts.Count;

    internal GrammarElement this[int position] => elements[position];

    internal IReadOnlyList<int> Alternatives(int rule) => starts[rule];

    // The number of the root; begun anew where the stack had no room.
    int Compiled(string root)
    {
        elements.Clear();
        starts.Clear();
        names.Clear();
        numbers.Clear();
        foreach (string name in rules.Keys) numbers[name] = NewRule(name);
        int number = Number(root);
        foreach (var (name, node) in rules) Define(numbers[name], node);
        return number;
    }

    /// <summary>Whether a whole text is right by it.</summary>
    public bool Holds(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var machine = new GrammarMachine(this);
        var state = machine.Start;
        foreach (var rune in text.EnumerateRunes())
        {
            if (machine.Next(state, rune.Value) is not { } next) return false;
            state = next;
        }
        return state.MayEnd;
    }

    int Number(string name)
    {
        if (numbers.TryGetValue(name, out int number)) return number;
        throw new LowrankException($"the grammar has no rule \"{name}\". It has: {string.Join(", ", rules.Keys)}.");
    }

    int NewRule(string name)
    {
        names.Add(name);
        starts.Add([]);
        return starts.Count - 1;
    }

    void Define(int rule, GrammarNode node)
    {
        foreach (var alternative in node is GrammarChoice choice ? choice.Parts : [node])
        {
            var row = new List<GrammarElement>();
            Append(row, alternative, names[rule]);
            Close(rule, row);
        }
    }

    void Close(int rule, List<GrammarElement> row)
    {
        starts[rule].Add(elements.Count);
        elements.AddRange(row);
        elements.Add(GrammarElement.End);
        Check(elements.Count, names[rule]);
    }

    static void Check(int parts, string name)
    {
        if (parts > Most)
            throw new LowrankException($"the grammar grows to more than {Most} parts at rule \"{name}\". Use smaller counts.");
    }

    void Append(List<GrammarElement> row, GrammarNode node, string name)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case GrammarCharacter character: row.Add(new(character.Class, -1)); break;
            case GrammarReference reference: row.Add(new(null, Number(reference.Name))); break;
            case GrammarSequence sequence:
                foreach (var part in sequence.Parts) Append(row, part, name);
                break;
            case GrammarRepetition repetition: AppendRepetition(row, repetition, name); break;
            default: row.Add(new(null, SubRule(node, name))); break;
        }
    }

    int SubRule(GrammarNode node, string name)
    {
        int rule = NewRule(name);
        Define(rule, node);
        return rule;
    }

    // x{2,} is x x R with R ::= x R | ; x{2,4} is x x O with O ::= x P | and P ::= x |.
    void AppendRepetition(List<GrammarElement> row, GrammarRepetition repetition, string name)
    {
        if (repetition.Most is { } most && most < repetition.Least)
            throw new LowrankException($"rule \"{name}\" wants {repetition.Least} to {most} of a part. Exchange the counts.");
        var one = repetition.Part is GrammarCharacter character ? new GrammarElement(character.Class, -1)
            : new(null, SubRule(repetition.Part, name));
        for (int i = 0; i < repetition.Least; i++)
        {
            row.Add(one);
            Check(row.Count, name);
        }
        if (repetition.Most is null)
        {
            int rest = NewRule(name);
            Close(rest, [one, new(null, rest)]);
            Close(rest, []);
            row.Add(new(null, rest));
            return;
        }
        int? after = null;
        for (int i = repetition.Least; i < repetition.Most; i++)
        {
            int optional = NewRule(name);
            Close(optional, after is { } next ? [one, new(null, next)] : [one]);
            Close(optional, []);
            after = optional;
        }
        if (after is { } first) row.Add(new(null, first));
    }
}
