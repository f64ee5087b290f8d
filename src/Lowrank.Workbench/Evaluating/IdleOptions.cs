using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>Options of measuring that were given and that the task at hand has no use for.</summary>
static class IdleOptions
{
    const string Begin = "begin", Prompt = "prompt", System = "system", Plain = "plain", Write = "write", Tokens = "max new tokens";
    const string Window = "window", Stride = "stride";

    /// <summary>A sentence on each.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="data">Its rows.</param>
    /// <param name="options">What was given.</param>
    public static IEnumerable<string> Of(string task, EvaluationData data, EvaluationOptions options)
    {
        string[] used = UsedBy(data);
        foreach (string name in Given(options).Except(used)) yield return $"`{name}` is not used: the task is {task}.";
        if (data is AnswerData && options is { MaxNewTokens: not null, Writes: false })
            yield return $"`{Tokens}` is not used: no answers are written. `{Write}` has them written.";
    }

    static string[] UsedBy(EvaluationData data) => data switch
    {
        PairRows pairs => pairs.Pairs.Any(pair => pair.Prompt.Length == 0) ? [Begin] : [],
        TextData => [Window, Stride, Begin],
        FactData => [Prompt, System, Plain, Tokens],
        AnswerData => [System, Plain, Write, Tokens],
        _ => [],
    };

    static IEnumerable<string> Given(EvaluationOptions options)
    {
        if (options.Prompt is not null) yield return Prompt;
        if (options.System is not null) yield return System;
        if (options.Plain) yield return Plain;
        if (options.Writes) yield return Write;
        if (options.MaxNewTokens is not null) yield return Tokens;
        if (options.Window is not null) yield return Window;
        if (options.Stride is not null) yield return Stride;
        if (options.Begin is not null) yield return Begin;
    }
}
