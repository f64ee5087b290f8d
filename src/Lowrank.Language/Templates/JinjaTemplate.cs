namespace Lowrank.Language;

/// <summary>A Jinja template as chat templates are rendered: read once, rendered often, from any thread.</summary>
/// <remarks>
/// What transformers' <c>apply_chat_template</c> sets up of jinja2 3.1.6: the immutable sandbox, trim_blocks and lstrip_blocks, break and
/// continue, {% generation %}, tojson as json.dumps, raise_exception, strftime_now.
/// </remarks>
public sealed class JinjaTemplate
{
    readonly TemplateBody body;
    readonly StatementParser parsed;

    JinjaTemplate(string name, string source, TemplateBody body, StatementParser parsed)
    {
        (Name, Source) = (name, source);
        (this.body, this.parsed) = (body, parsed);
    }

    /// <summary>How errors call it.</summary>
    public string Name { get; }

    /// <summary>The template as it is written.</summary>
    public string Source { get; }

    /// <summary>Whether it marks what the assistant wrote.</summary>
    public bool MarksGeneration => parsed.HasGeneration;

    /// <summary>Names of the variables that it reads, those that it sets itself among them.</summary>
    public IReadOnlySet<string> Variables => parsed.Variables;

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="name">How errors call it.</param>
    /// <exception cref="TemplateException">It is not well formed.</exception>
    public static JinjaTemplate Read(string source, string name = "the template")
    {
        try
        {
            var (body, parser) = RoomyStack.Run(() => StatementParser.Read(source));
            return new(name, source, body, parser);
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(fault, name);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TemplateException(new(TemplateFault.Recursion, "what stands within each other is too deep to be read"), name);
        }
    }

    /// <summary>Renders it.</summary>
    /// <param name="variables">What it may ask for: texts, numbers, lists, dictionaries, JSON.</param>
    /// <param name="now">What strftime_now says; null for the machine's clock.</param>
    /// <exception cref="TemplateException">It raises an error, asks for what is not there, or does not end.</exception>
    public RenderedText Render(IReadOnlyDictionary<string, object?> variables, DateTime? now = null) =>
        new(Rendered(variables.Select(one => (one.Key, TemplateValues.Of(one.Value))), now));

    internal MarkedText Rendered(IEnumerable<(string Name, object Value)> variables, DateTime? now)
    {
        (string Name, object Value)[] given = [.. variables];
        var run = new TemplateRun(now);
        try
        {
            return RoomyStack.Run(() => Rendered(run = new TemplateRun(now), given));
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(fault, Name);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TemplateException(
                new TemplateFault(TemplateFault.Recursion, "maximum recursion depth exceeded").At(run.Line, run.Column), Name);
        }
    }

    MarkedText Rendered(TemplateRun run, (string Name, object Value)[] variables)
    {
        var scope = new TemplateScope(null);
        scope.Set("self", new BlockReference(parsed.Blocks, scope));
        foreach (var (name, value) in variables) scope.Set(name, value);
        body.Render(run, scope);
        return run.Output.ToText();
    }
}
