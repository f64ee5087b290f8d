using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>What is told of adapters that act from tokens of their own on (aLoRA), where those tokens do not come.</summary>
static class Invocations
{
    /// <summary>A sentence on each sequence of an adapter that holds tokens which the model does not have.</summary>
    public static IEnumerable<string> Unknown(string name, LanguageModel model)
    {
        foreach (var tokens in model.Adapters[name].Adapter.Invocations)
            if (tokens.Any(token => token < 0 || token >= model.VocabularySize))
                yield return $"{name} acts from its invocation tokens {Text(tokens, model)} on, and the model has " +
                    $"{model.VocabularySize} tokens: it never acts. Is it another model's?";
    }

    /// <summary>A sentence on each sequence that stands in none, or not in all, of some prompts.</summary>
    /// <param name="model">The model with its adapters.</param>
    /// <param name="prompts">The prompts' tokens.</param>
    /// <param name="what">What one of them is: a prompt, a row.</param>
    public static IEnumerable<string> Absent(LanguageModel model, IReadOnlyList<IReadOnlyList<int>> prompts, string what = "prompt")
    {
        foreach (string name in model.Adapters.Active)
            foreach (var tokens in model.Adapters[name].Adapter.Invocations)
            {
                int without = prompts.Count(prompt => !Holds(prompt, tokens));
                if (without == 0 || Unknown(name, model).Any()) continue;
                string where = prompts.Count == 1 ? $"the {what} lacks them" : $"{without} of {prompts.Count} {what}s lack them";
                yield return $"{name} acts from its invocation tokens {Text(tokens, model)} on, and {where}: it does not act " +
                    "until they are written.";
            }
    }

    static bool Holds(IReadOnlyList<int> prompt, IReadOnlyList<long> tokens)
    {
        for (int at = 0; at + tokens.Count <= prompt.Count; at++)
            if (tokens.Index().All(token => prompt[at + token.Index] == token.Item)) return true;
        return false;
    }

    static string Text(IReadOnlyList<long> tokens, LanguageModel model)
    {
        string ids = string.Join(", ", tokens);
        bool isKnown = tokens.All(token => token >= 0 && token < model.VocabularySize);
        return isKnown ? $"{ids} (\"{string.Concat(tokens.Select(token => model.Tokenizer.Token((int)token)))}\")" : ids;
    }
}
