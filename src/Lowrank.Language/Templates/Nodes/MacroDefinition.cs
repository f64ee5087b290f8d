namespace Lowrank.Language;

/// <summary>A macro as it is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names of its parameters.</param>
/// <param name="Defaults">Values of the last of them where they are not given.</param>
/// <param name="Body">What it writes.</param>
/// <param name="Specials">Which of caller, varargs and kwargs it asks for.</param>
sealed record MacroDefinition(
    string Name, IReadOnlyList<string> Parameters, IReadOnlyList<TemplateExpression> Defaults,
    TemplateBody Body, IReadOnlySet<string> Specials);
