using System.Numerics;

namespace Lowrank.Language;

/// <summary>What "loop" is: where a loop stands.</summary>
sealed class LoopContext : TemplateCallable, IHasAttributes
{
    readonly int depth;
    readonly Func<object, object>? down;
    IEnumerator<object> rest;
    int? length;
    int place = -1;
    object? before, next, changed;

    /// <summary>A loop before its first round.</summary>
    /// <param name="items">What it goes over.</param>
    /// <param name="length">How many, if that is known.</param>
    /// <param name="depth">How many loops of its kind are around it.</param>
    /// <param name="down">What loop(...) does; null where it may not be called.</param>
    public LoopContext(IEnumerable<object> items, int? length, int depth, Func<object, object>? down)
    {
        rest = items.GetEnumerator();
        (this.length, this.depth, this.down) = (length, depth, down);
    }

    /// <summary>The item of this round.</summary>
    public object Current { get; private set; } = PythonNone.Value;

    /// <inheritdoc/>
    public override string Name => "loop";

    /// <summary>Goes on to the next round.</summary>
    public bool MoveNext()
    {
        if (Peek() is not { } item) return false;
        before = place >= 0 ? Current : null;
        (Current, next) = (item, null);
        place++;
        return true;
    }

    object? Peek()
    {
        if (next is null && rest.MoveNext()) next = rest.Current;
        return next;
    }

    int Length
    {
        get
        {
            if (length is null)
            {
                // Only now is everything asked for.
                var left = new List<object>();
                while (rest.MoveNext()) left.Add(rest.Current);
                length = left.Count + place + 1 + (next is null ? 0 : 1);
                rest = left.GetEnumerator();
            }
            return length.Value;
        }
    }

    /// <inheritdoc/>
    public override object Call(TemplateRun run, CallArguments arguments)
    {
        if (down is null) throw new TemplateFault(
            TemplateFault.Type, "The loop must have the 'recursive' marker to be called recursively.");
        return down(signature.Bind(arguments)[0]!);
    }

    static readonly CallSignature signature = new("loop", "iterable");

    /// <inheritdoc/>
    public object? Attribute(string name) => name switch
    {
        "first" => place == 0,
        "last" => Peek() is null,
        "previtem" => before ?? Undefined.Because("there is no previous item"),
        "nextitem" => Peek() ?? Undefined.Because("there is no next item"),
        "cycle" => new TemplateFunction("cycle", (_, arguments) => Cycled(arguments.Positional)),
        "changed" => new TemplateFunction("changed", (_, arguments) => HasChanged(new(arguments.Positional))),
        _ => Number(name) is { } number ? (BigInteger)number : null,
    };

    int? Number(string name) => name switch
    {
        "index" => place + 1,
        "index0" => place,
        "revindex" => Length - place,
        "revindex0" => Length - place - 1,
        "length" => Length,
        "depth" => depth + 1,
        "depth0" => depth,
        _ => null,
    };

    object Cycled(IReadOnlyList<object> among) =>
        among.Count > 0 ? among[place % among.Count] : throw new TemplateFault(TemplateFault.Type, "no items for cycling given");

    bool HasChanged(PythonTuple value)
    {
        bool isOther = changed is null || !PythonEquality.AreEqual(changed, value);
        changed = value;
        return isOther;
    }
}
