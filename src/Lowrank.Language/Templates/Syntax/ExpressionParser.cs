namespace Lowrank.Language;

/// <summary>Reads expressions: values, and the signs between them.</summary>
/// <remarks>Source: jinja2 3.1.6, parser.py; the words of its faults are Jinja's.</remarks>
sealed class ExpressionParser
{
    static readonly Dictionary<string, Func<object, object, object>> operations = new()
    {
        ["+"] = PythonArithmetic.Add, ["-"] = PythonArithmetic.Subtract, ["*"] = PythonArithmetic.Multiply, ["/"] = PythonArithmetic.Divide,
        ["//"] = PythonArithmetic.FloorDivide, ["%"] = PythonArithmetic.Remainder, ["**"] = PythonArithmetic.Power,
    };

    static readonly Dictionary<string, Func<object, object, bool>> comparisons = new()
    {
        ["=="] = PythonEquality.AreEqual,
        ["!="] = (a, b) => !PythonEquality.AreEqual(a, b),
        ["<"] = (a, b) => PythonEquality.Compare(a, b, "<") < 0,
        ["<="] = (a, b) => PythonEquality.Compare(a, b, "<=") <= 0,
        [">"] = (a, b) => PythonEquality.Compare(a, b, ">") > 0,
        [">="] = (a, b) => PythonEquality.Compare(a, b, ">=") >= 0,
        ["in"] = (a, b) => PythonEquality.Contains(b, a),
        ["not in"] = (a, b) => !PythonEquality.Contains(b, a),
    };

    readonly TemplateTokenStream stream;
    readonly LateFaults late;

    /// <summary>Reads the expressions of one template.</summary>
    /// <param name="stream">The tokens.</param>
    /// <param name="late">What is told at the end.</param>
    public ExpressionParser(TemplateTokenStream stream, LateFaults late)
    {
        (this.stream, this.late) = (stream, late);
        Postfix = new(stream, late, Names, this);
    }

    /// <summary>The names that were read.</summary>
    public TemplateNames Names { get; } = new();

    /// <summary>Reads what stands behind a value.</summary>
    public PostfixParser Postfix { get; }

    /// <summary>One expression.</summary>
    /// <param name="withChoice">Whether a if b else c may stand there.</param>
    public TemplateExpression Expression(bool withChoice = true) => withChoice ? Choice() : Or();

    // One that stands within another.
    TemplateExpression Within(Func<TemplateExpression> read, int levels = 1)
    {
        stream.Enter(levels);
        var inner = read();
        stream.Leave(levels);
        return inner;
    }

    /// <summary>One expression, or several with commas between, which are a tuple.</summary>
    /// <param name="withChoice">Whether a if b else c may stand there.</param>
    /// <param name="end">A name that ends it too.</param>
    /// <param name="isInBraces">Whether round brackets stand around it, where it may be empty.</param>
    public TemplateExpression Tuple(bool withChoice = true, string? end = null, bool isInBraces = false) =>
        Tuple(() => Expression(withChoice), end, isInBraces);

    TemplateExpression Tuple(Func<TemplateExpression> part, string? end, bool isInBraces)
    {
        var place = stream.Current.Place;
        var items = new List<TemplateExpression>();
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0) stream.ExpectOperator(",");
            if (EndsTuple(end)) break;
            items.Add(part());
            if (!stream.Current.IsOperator(",")) break;
            isTuple = true;
        }
        if (isTuple) return new SequenceLiteral(place, items, isTuple: true);
        if (items.Count > 0) return items[0];
        if (!isInBraces) throw stream.Fault($"Expected an expression, got {PythonRepr.Of(stream.Current.Told)}");
        return new SequenceLiteral(place, [], isTuple: true);
    }

    bool EndsTuple(string? end)
    {
        var token = stream.Current;
        bool isClosed = token.Kind is TemplateTokenKind.PrintEnd or TemplateTokenKind.StatementEnd || token.IsOperator(")");
        return isClosed || (end is not null && token.IsName(end));
    }

    /// <summary>What a value is given to.</summary>
    /// <param name="withTuple">Whether several names may stand there.</param>
    /// <param name="end">A name that ends it too.</param>
    /// <param name="withNamespace">Whether a.b may stand there.</param>
    public AssignmentTarget AssignmentTarget(bool withTuple = true, string? end = null, bool withNamespace = false)
    {
        var first = stream.Current;
        var expression = withTuple ? Tuple(() => Primary(withNamespace), end, isInBraces: false) : Primary(withNamespace);
        return Language.AssignmentTarget.Of(expression) ?? throw stream.Fault($"can't assign to '{KindOf(expression)}'", first);
    }

    static string KindOf(TemplateExpression expression) => expression switch
    {
        ConstantExpression => "const",
        SequenceLiteral { IsTuple: true } => "tuple",
        SequenceLiteral => "list",
        MappingLiteral => "dict",
        _ => "expression",
    };

    TemplateExpression Choice()
    {
        int since = late.Count;
        var place = stream.Current.Place;
        var value = Or();
        while (stream.SkipName("if"))
        {
            var condition = Or();
            var otherwise = stream.SkipName("else") ? Within(Choice) : null;
            value = new ConditionalExpression(place, condition, value, otherwise);
            late.Soften(since);
            place = stream.Current.Place;
        }
        return value;
    }

    TemplateExpression Or()
    {
        var place = stream.Current.Place;
        var left = And();
        while (stream.SkipName("or"))
        {
            left = new EitherExpression(place, left, And(), stopsAt: true);
            place = stream.Current.Place;
        }
        return left;
    }

    TemplateExpression And()
    {
        var place = stream.Current.Place;
        var left = Not();
        while (stream.SkipName("and"))
        {
            left = new EitherExpression(place, left, Not(), stopsAt: false);
            place = stream.Current.Place;
        }
        return left;
    }

    TemplateExpression Not()
    {
        var place = stream.Current.Place;
        return stream.SkipName("not") ? UnaryExpression.Not(place, Within(Not)) : Compare();
    }

    TemplateExpression Compare()
    {
        var place = stream.Current.Place;
        var first = Sum();
        var steps = new List<(Func<object, object, bool>, TemplateExpression)>();
        while (ComparisonSign() is { } sign) steps.Add((comparisons[sign], Sum()));
        return steps.Count == 0 ? first : new ComparisonExpression(place, first, steps);
    }

    // Takes the sign of a comparison if one is looked at.
    string? ComparisonSign()
    {
        var token = stream.Current;
        if (token.Kind == TemplateTokenKind.Operator && comparisons.ContainsKey(token.Text)) return stream.Next().Text;
        if (stream.SkipName("in")) return "in";
        if (!token.IsName("not") || !stream.Following.IsName("in")) return null;
        stream.Next();
        stream.Next();
        return "not in";
    }

    TemplateExpression Sum() => Chain(Concatenated, "+", "-");

    TemplateExpression Product() => Chain(Power, "*", "/", "//", "%");

    TemplateExpression Power() => Chain(() => Unary(), "**");

    TemplateExpression Chain(Func<TemplateExpression> part, params ReadOnlySpan<string> signs)
    {
        var place = stream.Current.Place;
        var left = part();
        while (stream.Current.Kind == TemplateTokenKind.Operator && signs.Contains(stream.Current.Text))
        {
            string sign = stream.Next().Text;
            left = new BinaryExpression(place, left, part(), operations[sign]);
            // Of a chain each link has the line on which the part before it ended, as Jinja tells it.
            place = stream.Current.Place;
        }
        return left;
    }

    TemplateExpression Concatenated()
    {
        var place = stream.Current.Place;
        var parts = new List<TemplateExpression> { Product() };
        while (stream.SkipOperator("~")) parts.Add(Product());
        return parts.Count == 1 ? parts[0] : new ConcatenationExpression(place, parts);
    }

    TemplateExpression Unary(bool withFilters = true)
    {
        var place = stream.Current.Place;
        TemplateExpression value;
        if (stream.SkipOperator("-")) value = new UnaryExpression(place, Within(() => Unary(false)), PythonArithmetic.Negate);
        else if (stream.SkipOperator("+")) value = new UnaryExpression(place, Within(() => Unary(false)), PythonArithmetic.Plus);
        else value = Primary(withNamespace: false);
        value = Postfix.Selected(value);
        return withFilters ? Postfix.FilteredAndTested(value) : value;
    }

    /// <summary>A name, a constant, or what stands in brackets, without what is behind it.</summary>
    /// <param name="withNamespace">Whether a.b, which is given a value, may stand there.</param>
    public TemplateExpression Primary(bool withNamespace)
    {
        var token = stream.Current;
        switch (token.Kind)
        {
            case TemplateTokenKind.Name: return Named(withNamespace);
            case TemplateTokenKind.String: return Text();
            case TemplateTokenKind.Integer: return new ConstantExpression(token.Place, NumberLiteral.Whole(stream.Next().Text));
            case TemplateTokenKind.Float: return new ConstantExpression(token.Place, NumberLiteral.Fraction(stream.Next().Text));
            case TemplateTokenKind.Operator when token.Text is "(" or "[" or "{": return Within(Bracketed, TemplateLimits.Bracket);
            default: throw stream.Fault($"unexpected {PythonRepr.Of(token.Told)}");
        }
    }

    TemplateExpression Bracketed()
    {
        var token = stream.Next();
        if (token.Text == "[") return List(token.Place);
        if (token.Text == "{") return Dict(token.Place);
        var inner = Tuple(isInBraces: true);
        stream.ExpectOperator(")");
        return inner;
    }

    TemplateExpression Named(bool withNamespace)
    {
        var token = stream.Next();
        object? constant = token.Text switch
        {
            "true" or "True" => true,
            "false" or "False" => false,
            "none" or "None" => PythonNone.Value,
            _ => null,
        };
        if (constant is not null) return new ConstantExpression(token.Place, constant);
        if (withNamespace && stream.SkipOperator("."))
            return new NamespaceItem(token.Place, Names.Known(token.Text), stream.Expect(TemplateTokenKind.Name).Text);
        return new VariableExpression(token.Place, Names.Variable(token.Text));
    }

    ConstantExpression Text()
    {
        var place = stream.Current.Place;
        string text = "";
        while (stream.Current.Kind == TemplateTokenKind.String) text += stream.Next().Text;
        return new(place, (MarkedText)text);
    }

    SequenceLiteral List(TemplatePlace place)
    {
        var items = new List<TemplateExpression>();
        while (!stream.Current.IsOperator("]"))
        {
            if (items.Count > 0) stream.ExpectOperator(",");
            if (stream.Current.IsOperator("]")) break;
            items.Add(Expression());
        }
        stream.ExpectOperator("]");
        return new(place, items, isTuple: false);
    }

    MappingLiteral Dict(TemplatePlace place)
    {
        var entries = new List<(TemplateExpression, TemplateExpression)>();
        while (!stream.Current.IsOperator("}"))
        {
            if (entries.Count > 0) stream.ExpectOperator(",");
            if (stream.Current.IsOperator("}")) break;
            var key = Expression();
            stream.ExpectOperator(":");
            entries.Add((key, Expression()));
        }
        stream.ExpectOperator("}");
        return new(place, entries);
    }
}
