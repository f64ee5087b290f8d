namespace Lowrank.Language;

/// <summary>Reads a template into what renders it.</summary>
/// <remarks>Source: jinja2 3.1.6, parser.py; the words of its faults are Jinja's.</remarks>
sealed class StatementParser
{
    readonly TemplateTokenStream stream;
    readonly ExpressionParser expressions;
    readonly LateFaults late = new();
    readonly Stack<string> tags = new();
    readonly Stack<string[]> ends = new();
    readonly Dictionary<string, BlockStatement> blocks = new(StringComparer.Ordinal);
    readonly Dictionary<string, Func<TemplateStatement>> statements;
    int loops;

    StatementParser(TemplateTokenStream stream)
    {
        this.stream = stream;
        expressions = new(stream, late);
        statements = new()
        {
            ["for"] = For, ["if"] = If, ["set"] = Set, ["macro"] = Macro, ["call"] = Call, ["filter"] = Filter, ["with"] = With,
            ["block"] = Block, ["print"] = Print, ["autoescape"] = Autoescape, ["generation"] = Generation, ["break"] = LoopControl,
            ["continue"] = LoopControl, ["include"] = Include, ["import"] = Import, ["from"] = From, ["extends"] = Extends,
        };
    }

    /// <summary>Whether a {% generation %} stands in it.</summary>
    public bool HasGeneration { get; private set; }

    /// <summary>Names of variables that it asks for.</summary>
    public IReadOnlySet<string> Variables => expressions.Names.Variables;

    /// <summary>Its blocks by name.</summary>
    public IReadOnlyDictionary<string, BlockStatement> Blocks => blocks;

    /// <summary>Reads a template.</summary>
    public static (TemplateBody Body, StatementParser Parser) Read(string source)
    {
        var parser = new StatementParser(new(TemplateLexer.Read(source)));
        var body = parser.Statements();
        parser.late.Check();
        return (body, parser);
    }

    // The statements up to one of the ends, which stays to be looked at, or to the end of the template.
    TemplateBody Statements(params string[] until)
    {
        var body = new List<TemplateStatement>();
        if (until.Length > 0) ends.Push(until);
        while (stream.Current.Kind != TemplateTokenKind.End)
        {
            var token = stream.Next();
            if (token.Kind == TemplateTokenKind.Data) body.Add(new DataStatement(token.Place, token.Text));
            else if (token.Kind == TemplateTokenKind.PrintBegin)
            {
                var value = expressions.Tuple();
                body.Add(new PrintStatement(value.Place, value));
                stream.Expect(TemplateTokenKind.PrintEnd);
            }
            else
            {
                if (stream.Current.Kind == TemplateTokenKind.Name && until.Contains(stream.Current.Text)) break;
                body.Add(Statement());
                stream.Expect(TemplateTokenKind.StatementEnd);
            }
        }
        if (until.Length > 0) ends.Pop();
        return new(body);
    }

    // The body of a statement; the end that closed it is taken and told.
    TemplateBody BodyOf(out string end, params string[] until)
    {
        stream.SkipOperator(":");
        stream.Expect(TemplateTokenKind.StatementEnd);
        stream.Enter();
        var body = Statements(until);
        stream.Leave();
        if (stream.Current.Kind == TemplateTokenKind.End) throw UnknownTag(null, stream.Current.Place, until);
        end = stream.Next().Text;
        return body;
    }

    // A body that is looked at apart: variables that are set in it stay in it, and no break leaves it.
    TemplateBody OwnBody(string until)
    {
        int around = loops;
        loops = 0;
        late.Enter();
        var body = BodyOf(out _, until);
        late.Leave();
        loops = around;
        return body;
    }

    TemplateStatement Statement()
    {
        var token = stream.Current;
        if (token.Kind != TemplateTokenKind.Name) throw stream.Fault("tag name expected");
        if (!statements.TryGetValue(token.Text, out var read)) throw UnknownTag(token.Text, token.Place, null);
        tags.Push(token.Text);
        var statement = read();
        tags.Pop();
        return statement;
    }

    TemplateFault UnknownTag(string? name, TemplatePlace place, string[]? missing)
    {
        if (missing is not null) ends.Push(missing);
        string reason = name is null ? "Unexpected end of template." : $"Encountered unknown tag {PythonRepr.Of(name)}.";
        if (ends.TryPeek(out string[]? innermost))
        {
            string looking = string.Join(" or ", innermost.Select(end => PythonRepr.Of(end)));
            bool isExpected = name is not null && ends.Any(several => several.Contains(name));
            reason += isExpected
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {looking}."
                : $" Jinja was looking for the following tags: {looking}.";
        }
        if (tags.TryPeek(out string? tag)) reason += $" The innermost block that needs to be closed is {PythonRepr.Of(tag)}.";
        return TemplateTokenStream.Fault(reason, place);
    }

    ForStatement For()
    {
        var place = stream.ExpectName("for").Place;
        var target = expressions.AssignmentTarget(end: "in");
        stream.ExpectName("in");
        var items = expressions.Tuple(withChoice: false, end: "recursive");
        var condition = stream.SkipName("if") ? expressions.Expression() : null;
        bool isRecursive = stream.SkipName("recursive");
        loops++;
        late.Enter();
        var body = BodyOf(out string end, "endfor", "else");
        late.Leave();
        loops--;
        var otherwise = end == "else" ? BodyOf(out _, "endfor") : TemplateBody.Empty;
        return new(place, target, items, condition, isRecursive, body, otherwise);
    }

    IfStatement If()
    {
        int since = late.Count;
        var place = stream.ExpectName("if").Place;
        var branches = new List<IfStatement.Branch>();
        string end;
        do
        {
            var its = branches.Count == 0 ? place : stream.Current.Place;
            var condition = expressions.Tuple(withChoice: false);
            branches.Add(new(its, condition, BodyOf(out end, "elif", "else", "endif")));
        }
        while (end == "elif");
        var otherwise = end == "else" ? BodyOf(out _, "endif") : TemplateBody.Empty;
        late.Soften(since);
        return new(place, branches, otherwise);
    }

    TemplateStatement Set()
    {
        var place = stream.Next().Place;
        var target = expressions.AssignmentTarget(withNamespace: true);
        if (stream.SkipOperator("=")) return new SetStatement(place, target, expressions.Tuple());
        var filters = expressions.Postfix.Filters(null);
        return new SetBlock(place, target, filters, OwnBody("endset"));
    }

    MacroStatement Macro()
    {
        var place = stream.Next().Place;
        string name = stream.Expect(TemplateTokenKind.Name).Text;
        return new(place, Definition(name, "endmacro"));
    }

    // Parameters, defaults and body of a macro.
    MacroDefinition Definition(string name, string end, bool withParameters = true, Action? between = null)
    {
        var (parameters, defaults) = (new List<string>(), new List<TemplateExpression>());
        if (withParameters) Parameters(parameters, defaults);
        between?.Invoke();
        expressions.Names.EnterMacro();
        var body = OwnBody(end);
        return new(name, parameters, defaults, body, expressions.Names.LeaveMacro());
    }

    void Parameters(List<string> parameters, List<TemplateExpression> defaults)
    {
        stream.ExpectOperator("(");
        while (!stream.Current.IsOperator(")"))
        {
            if (parameters.Count > 0) stream.ExpectOperator(",");
            parameters.Add(stream.Expect(TemplateTokenKind.Name).Text);
            if (stream.SkipOperator("=")) defaults.Add(expressions.Expression());
            else if (defaults.Count > 0) throw stream.Fault("non-default argument follows default argument");
        }
        stream.ExpectOperator(")");
    }

    CallBlock Call()
    {
        var place = stream.Next().Place;
        CallExpression? call = null;
        var body = Definition("caller", "endcall", stream.Current.IsOperator("("), () =>
            call = expressions.Expression() as CallExpression ?? throw TemplateTokenStream.Fault("expected call", place));
        return new(place, call!, body);
    }

    FilterBlock Filter()
    {
        var place = stream.Next().Place;
        var filters = expressions.Postfix.Filters(null, startsInline: true)!;
        return new(place, filters, OwnBody("endfilter"));
    }

    WithStatement With()
    {
        var place = stream.Next().Place;
        var given = new List<(AssignmentTarget, TemplateExpression)>();
        while (stream.Current.Kind != TemplateTokenKind.StatementEnd)
        {
            if (given.Count > 0) stream.ExpectOperator(",");
            var target = expressions.AssignmentTarget();
            stream.ExpectOperator("=");
            given.Add((target, expressions.Expression()));
        }
        return new(place, given, BodyOf(out _, "endwith"));
    }

    BlockStatement Block()
    {
        stream.Next();
        var name = stream.Expect(TemplateTokenKind.Name);
        bool isScoped = stream.SkipName("scoped");
        stream.SkipName("required");
        if (stream.Current.IsOperator("-")) throw stream.Fault(
            "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.");
        var block = new BlockStatement(name.Place, OwnBody("endblock"), isScoped);
        stream.SkipName(name.Text);
        if (!blocks.TryAdd(name.Text, block))
            late.Add(new(TemplateFault.Assertion, $"block {PythonRepr.Of(name.Text)} defined twice"), name.Place);
        return block;
    }

    PrintStatement Print()
    {
        stream.Next();
        var value = expressions.Tuple();
        return new(value.Place, value);
    }

    EscapeStatement Autoescape()
    {
        var place = stream.Next().Place;
        var isOn = expressions.Expression();
        return new(place, isOn, BodyOf(out _, "endautoescape"));
    }

    GenerationStatement Generation()
    {
        HasGeneration = true;
        return new(stream.Next().Place, OwnBody("endgeneration"));
    }

    LoopControl LoopControl()
    {
        var token = stream.Next();
        bool isBreak = token.Text == "break";
        if (loops == 0)
            late.Add(new("SyntaxError", isBreak ? "'break' outside loop" : "'continue' not properly in loop"), token.Place);
        return new(token.Place, isBreak ? TemplateFlow.Break : TemplateFlow.Continue);
    }

    OtherTemplate Include()
    {
        var place = stream.Next().Place;
        expressions.Expression();
        if (stream.SkipName("ignore")) stream.ExpectName("missing");
        SkipContext();
        return new(place);
    }

    OtherTemplate Import()
    {
        var place = stream.Next().Place;
        expressions.Expression();
        stream.ExpectName("as");
        stream.Expect(TemplateTokenKind.Name);
        SkipContext();
        return new(place);
    }

    OtherTemplate From()
    {
        var place = stream.Next().Place;
        expressions.Expression();
        stream.ExpectName("import");
        for (bool goesOn = true; goesOn; goesOn = stream.SkipOperator(","))
        {
            if (SkipContext()) break;
            stream.Expect(TemplateTokenKind.Name);
            if (stream.SkipName("as")) stream.Expect(TemplateTokenKind.Name);
        }
        SkipContext();
        return new(place);
    }

    OtherTemplate Extends()
    {
        var place = stream.Next().Place;
        expressions.Expression();
        return new(place);
    }

    bool SkipContext()
    {
        bool isThere = stream.Current.Text is "with" or "without" && stream.Following.IsName("context");
        if (!isThere) return false;
        stream.Next();
        stream.Next();
        return true;
    }
}
