namespace Lowrank.Language;

/// <summary>What a model is asked for a row.</summary>
sealed class EvaluationPrompt
{
    const string Input = "{input}";

    readonly LanguageModel model;
    readonly EvaluationOptions options;
    readonly string text;
    readonly HashSet<string> omissions = [];

    /// <summary>Prompts for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="usual">The task's own prompt.</param>
    /// <exception cref="LowrankException">The prompt has no place for the row.</exception>
    public EvaluationPrompt(LanguageModel model, EvaluationOptions options, string usual)
    {
        (this.model, this.options, text) = (model, options, options.Prompt ?? usual);
        if (!text.Contains(Input, StringComparison.Ordinal))
            throw new LowrankException($"the `prompt` \"{text}\" has no {Input} where the row's text goes, so that every row would be " +
                "asked the same. Add it.");
        UsesTemplate = model.Template is not null && !options.Plain;
    }

    /// <summary>Whether a prompt is a message, by the chat template.</summary>
    public bool UsesTemplate { get; }

    /// <summary>What the user should know of prompts; what the template leaves out of them once they are made.</summary>
    public IReadOnlyList<string> Notes => [Told, .. Idle, .. omissions];

    string Told => UsesTemplate ? $"Each row is asked by the chat template: \"{text}\"." : $"Each row is gone on with: \"{text}\".";

    IEnumerable<string> Idle
    {
        get
        {
            if (options.System is not null && !UsesTemplate) yield return "`system` is not used: no chat template is.";
        }
    }

    /// <summary>The tokens of a row's prompt.</summary>
    public IReadOnlyList<int> Of(string input)
    {
        string asked = text.Replace(Input, input, StringComparison.Ordinal);
        if (!UsesTemplate) return model.Prompt(asked);
        var rendered = model.Rendered(Conversation.Of(asked, options.System));
        omissions.UnionWith(TemplateOmissions.Of(rendered.Text, asked, options.System));
        return rendered.Encode(model.Tokenizer).Ids;
    }
}
