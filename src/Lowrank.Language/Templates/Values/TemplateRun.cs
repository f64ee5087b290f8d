using System.Globalization;

namespace Lowrank.Language;

/// <summary>One rendering: where its text goes, what the clock says, and how much it has asked for.</summary>
/// <param name="now">What strftime_now and its clock say; null is the machine's.</param>
sealed class TemplateRun(DateTime? now)
{
    int rounds, depth;

    /// <summary>Where text goes now.</summary>
    public TextBuilder Output { get; private set; } = new();

    /// <summary>Whether what is printed is escaped for HTML.</summary>
    public bool EscapesOutput { get; set; }

    /// <summary>Line of the expression that was worked on last.</summary>
    public int Line { get; private set; }

    /// <summary>Its column.</summary>
    public int Column { get; private set; }

    /// <summary>What the clock says.</summary>
    public DateTime Now => now ?? DateTime.Now;

    /// <summary>Notes what is worked on, for faults.</summary>
    public void At(int line, int column) => (Line, Column) = (line, column);

    /// <summary>Counts a round of a loop or a call.</summary>
    public void CountRound()
    {
        if (++rounds > TemplateLimits.Rounds)
            throw new TemplateFault(TemplateFault.Runtime, string.Create(CultureInfo.InvariantCulture,
                $"stopped after {TemplateLimits.Rounds} rounds of loops and calls: is there one without an end?"));
    }

    /// <summary>What a body writes, as a text of its own.</summary>
    public MarkedText Captured(Action body)
    {
        var outer = Output;
        Output = new();
        try
        {
            body();
            return Output.ToText().As(EscapesOutput);
        }
        finally
        {
            Output = outer;
        }
    }

    /// <summary>Runs something that may call itself.</summary>
    public object Nested(Func<object> body)
    {
        CountRound();
        if (++depth > TemplateLimits.Depth) throw new TemplateFault(TemplateFault.Recursion, "maximum recursion depth exceeded");
        try
        {
            return body();
        }
        finally
        {
            depth--;
        }
    }
}
