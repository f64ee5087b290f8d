namespace Lowrank.Language;

/// <summary>Reads what stands behind a value: attributes, items and slices, calls, filters and tests.</summary>
/// <remarks>Source: jinja2 3.1.6, parser.py; the words of its faults are Jinja's.</remarks>
/// <param name="stream">The tokens.</param>
/// <param name="late">What is told at the end.</param>
/// <param name="names">The names that were read.</param>
/// <param name="expressions">Reads what stands in brackets.</param>
sealed class PostfixParser(TemplateTokenStream stream, LateFaults late, TemplateNames names, ExpressionParser expressions)
{
    /// <summary>The value with the attributes, items and calls behind it.</summary>
    public TemplateExpression Selected(TemplateExpression value)
    {
        while (true)
        {
            if (stream.Current.IsOperator(".") || stream.Current.IsOperator("[")) value = Subscript(value);
            else if (stream.Current.IsOperator("(")) value = Called(value);
            else return value;
        }
    }

    /// <summary>The value with the filters and tests behind it, and calls of what they make.</summary>
    public TemplateExpression FilteredAndTested(TemplateExpression value)
    {
        while (true)
        {
            if (stream.Current.IsOperator("|")) value = Filters(value)!;
            else if (stream.Current.IsName("is")) value = Tested(value);
            else if (stream.Current.IsOperator("(")) value = Called(value);
            else return value;
        }
    }

    CallExpression Called(TemplateExpression value)
    {
        var place = stream.Current.Place;
        return new(place, value, Arguments());
    }

    TemplateExpression Subscript(TemplateExpression owner)
    {
        var token = stream.Next();
        if (token.Text == ".")
        {
            var name = stream.Current;
            stream.Next();
            if (name.Kind == TemplateTokenKind.Name) return new AttributeOf(token.Place, owner, names.Known(name.Text));
            if (name.Kind != TemplateTokenKind.Integer) throw stream.Fault("expected name or number", name);
            return new ItemOf(token.Place, owner, new ConstantExpression(name.Place, NumberLiteral.Whole(name.Text)));
        }
        stream.Enter(TemplateLimits.Bracket);
        var keys = new List<TemplateExpression>();
        while (!stream.Current.IsOperator("]"))
        {
            if (keys.Count > 0) stream.ExpectOperator(",");
            keys.Add(Subscribed(owner, token.Place));
        }
        stream.Leave(TemplateLimits.Bracket);
        stream.ExpectOperator("]");
        if (keys is [SliceOf slice]) return slice;
        return new ItemOf(token.Place, owner, keys.Count == 1 ? keys[0] : new SequenceLiteral(token.Place, keys, isTuple: true));
    }

    TemplateExpression Subscribed(TemplateExpression owner, TemplatePlace place)
    {
        TemplateExpression? from = null;
        if (!stream.Current.IsOperator(":"))
        {
            from = expressions.Expression();
            if (!stream.Current.IsOperator(":")) return from;
        }
        stream.Next();
        var to = stream.Current.IsOperator(":") ? null : Bound();
        var by = stream.SkipOperator(":") ? Bound() : null;
        return new SliceOf(place, owner, from, to, by);
    }

    TemplateExpression? Bound() => stream.Current.IsOperator("]") || stream.Current.IsOperator(",") ? null : expressions.Expression();

    ArgumentList Arguments()
    {
        var token = stream.ExpectOperator("(");
        stream.Enter(TemplateLimits.Bracket);
        var positional = new List<TemplateExpression>();
        var named = new List<(string, TemplateExpression)>();
        TemplateExpression? rest = null, namedRest = null;
        for (bool isFirst = true; !stream.Current.IsOperator(")"); isFirst = false)
        {
            if (!isFirst)
            {
                stream.ExpectOperator(",");
                if (stream.Current.IsOperator(")")) break;
            }
            bool isNamed = stream.Current.Kind == TemplateTokenKind.Name && stream.Following.IsOperator("=");
            if (stream.SkipOperator("*")) Take(rest is null && namedRest is null, () => rest = expressions.Expression());
            else if (stream.SkipOperator("**")) Take(namedRest is null, () => namedRest = expressions.Expression());
            else if (isNamed) Take(namedRest is null, () => named.Add(Argument()));
            else Take(rest is null && namedRest is null && named.Count == 0, () => positional.Add(expressions.Expression()));
        }
        stream.Leave(TemplateLimits.Bracket);
        stream.ExpectOperator(")");
        return new(positional, named, rest, namedRest);

        void Take(bool isAllowed, Action argument)
        {
            if (!isAllowed) throw stream.Fault("invalid syntax for function call expression", token);
            argument();
        }
    }

    (string, TemplateExpression) Argument()
    {
        string name = stream.Next().Text;
        stream.Next();
        return (name, expressions.Expression());
    }

    /// <summary>The filters put on a value.</summary>
    /// <param name="value">The value; null for the body of a block.</param>
    /// <param name="startsInline">Whether the first stands without a bar.</param>
    /// <returns>Null if there is neither a value nor a filter.</returns>
    public TemplateExpression? Filters(TemplateExpression? value, bool startsInline = false)
    {
        while (startsInline || stream.Current.IsOperator("|"))
        {
            if (!startsInline) stream.Next();
            startsInline = false;
            var (name, place) = DottedName();
            var arguments = stream.Current.IsOperator("(") ? Arguments() : ArgumentList.Empty;
            var filter = TemplateFilters.Find(name);
            if (filter is null) late.Unknown("filter", name, place);
            value = new FilterExpression(place, value ?? new BodyText(place), name, filter, arguments);
        }
        return value;
    }

    (string Name, TemplatePlace Place) DottedName()
    {
        var token = stream.Expect(TemplateTokenKind.Name);
        string name = token.Text;
        while (stream.SkipOperator(".")) name += "." + stream.Expect(TemplateTokenKind.Name).Text;
        return (name, token.Place);
    }

    TemplateExpression Tested(TemplateExpression value)
    {
        var place = stream.Next().Place;
        bool isNegated = stream.SkipName("not");
        var (name, _) = DottedName();
        var arguments = ArgumentList.Empty;
        if (stream.Current.IsOperator("(")) arguments = Arguments();
        else if (BeginsArgument(stream.Current))
        {
            if (stream.Current.IsName("is")) throw stream.Fault("You cannot chain multiple tests with is");
            arguments = new([Selected(expressions.Primary(withNamespace: false))], [], null, null);
        }
        var test = TemplateTests.Find(name);
        if (test is null) late.Unknown("test", name, place);
        var tested = new TestExpression(place, value, name, test, arguments);
        return isNegated ? UnaryExpression.Not(place, tested) : tested;
    }

    static bool BeginsArgument(TemplateToken token)
    {
        if (token.Kind == TemplateTokenKind.Name) return token.Text is not ("else" or "or" or "and");
        bool isConstant = token.Kind is TemplateTokenKind.String or TemplateTokenKind.Integer or TemplateTokenKind.Float;
        return isConstant || token.IsOperator("[") || token.IsOperator("{");
    }
}
