namespace Lowrank.Language;

/// <summary>A place in a template.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in UTF-16 units, from 1.</param>
readonly record struct TemplatePlace(int Line, int Column);
