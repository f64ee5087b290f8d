using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>The tokens of a template, one after the other, and what a parser says where they are not what it wants.</summary>
sealed class TemplateTokenStream
{
    readonly IReadOnlyList<TemplateToken> tokens;
    int at, depth;

    /// <summary>A stream before its first token.</summary>
    public TemplateTokenStream(IReadOnlyList<TemplateToken> tokens)
    {
        this.tokens = tokens;
        Check();
    }

    /// <summary>The token that is looked at.</summary>
    public TemplateToken Current => tokens[at];

    /// <summary>The one behind it.</summary>
    public TemplateToken Following
    {
        get
        {
            if (at + 1 >= tokens.Count) return Current;
            if (tokens[at + 1].Kind == TemplateTokenKind.Fault) throw Fault(tokens[at + 1].Text, tokens[at + 1]);
            return tokens[at + 1];
        }
    }

    /// <summary>Goes into something that may hold another of its kind, until <see cref="Leave"/>.</summary>
    /// <param name="levels">How many levels it counts.</param>
    public void Enter(int levels = 1)
    {
        depth = TemplateLimits.CheckedNesting(depth + levels, Current.Place.Line, Current.Place.Column);
        RuntimeHelpers.EnsureSufficientExecutionStack();   // the caller's may be nearly full
    }

    /// <summary>Has come out of it.</summary>
    public void Leave(int levels = 1) => depth -= levels;

    /// <summary>Takes the token that is looked at.</summary>
    public TemplateToken Next()
    {
        var token = Current;
        if (token.Kind != TemplateTokenKind.End) at++;
        Check();
        return token;
    }

    void Check()
    {
        if (Current.Kind == TemplateTokenKind.Fault) throw Fault(Current.Text, Current);
    }

    /// <summary>Takes the name if it is looked at.</summary>
    public bool SkipName(string name) => Skip(Current.IsName(name));

    /// <summary>Takes the operator if it is looked at.</summary>
    public bool SkipOperator(string sign) => Skip(Current.IsOperator(sign));

    bool Skip(bool isIt)
    {
        if (isIt) Next();
        return isIt;
    }

    /// <summary>Takes a token of that kind, which must come.</summary>
    public TemplateToken Expect(TemplateTokenKind kind) => Expected(Current.Kind == kind, TemplateToken.NameOf(kind));

    /// <summary>Takes that name, which must come.</summary>
    public TemplateToken ExpectName(string name) => Expected(Current.IsName(name), name);

    /// <summary>Takes that operator, which must come.</summary>
    public TemplateToken ExpectOperator(string sign) => Expected(Current.IsOperator(sign), sign);

    TemplateToken Expected(bool isIt, string wanted)
    {
        if (isIt) return Next();
        throw Fault(Current.Kind == TemplateTokenKind.End
            ? $"unexpected end of template, expected {PythonRepr.Of(wanted)}."
            : $"expected token {PythonRepr.Of(wanted)}, got {PythonRepr.Of(Current.Told)}");
    }

    /// <summary>A fault of syntax at a token, the current one if none is given.</summary>
    public TemplateFault Fault(string reason, TemplateToken? token = null) => Fault(reason, (token ?? Current).Place);

    /// <summary>A fault of syntax at a place.</summary>
    public static TemplateFault Fault(string reason, TemplatePlace place) =>
        new TemplateFault(TemplateFault.Syntax, reason).At(place.Line, place.Column);
}
