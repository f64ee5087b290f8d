namespace Lowrank.Workbench;

/// <summary>What was found in one file or folder: an adapter, a base model or tensors.</summary>
/// <param name="Kind">"adapter", "base model", "tensors" or, of several files, "error".</param>
/// <param name="Path">What was looked at.</param>
/// <param name="File">The file; null for a base model's folder.</param>
/// <param name="Adapter">What it holds as an adapter.</param>
/// <param name="Model">The base model.</param>
/// <param name="Error">Why it could not be read.</param>
public sealed record InspectReport(
    string Kind, string Path, FileFacts? File, AdapterFacts? Adapter, BaseModelReport? Model, string? Error = null);
