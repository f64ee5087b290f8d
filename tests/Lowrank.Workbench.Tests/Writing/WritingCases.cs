using System.Text.Json;

namespace Lowrank.Workbench.Tests;

/// <summary>A base that knows a dozen sentences by heart, adapters on it, and what transformers (5.24) makes them write.</summary>
static class WritingCases
{
    /// <summary>A file or folder of them.</summary>
    public static string Of(string name) => LanguageCases.Of(name);

    /// <summary>The base.</summary>
    public static string Base => Of("bases/chat");

    /// <summary>The numbers of a case.</summary>
    public static JsonElement Numbers(string name) => LanguageCases.Numbers(name);

    /// <summary>The numbers of what several cases share.</summary>
    public static JsonElement Shared(string name) => LanguageCases.Expected.GetProperty("shared").GetProperty(name);

    /// <summary>What the base writes by the likeliest tokens.</summary>
    public static JsonElement.ArrayEnumerator Greedy =>
        Shared("bases/chat").GetProperty("greedy").EnumerateArray();

    /// <summary>A text of a case by its name.</summary>
    public static string Text(this JsonElement one, string name = "text") => one.GetProperty(name).GetString()!;

    /// <summary>The ids of a case.</summary>
    public static int[] Ids(this JsonElement one, string name = "ids") => [.. one.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    /// <summary>Has prompts gone on with.</summary>
    public static (WritingReport Report, List<JobEvent> Told) Write(
        string[] prompts, WritingChoices? choices = null, string[]? adapters = null, bool chat = false)
    {
        var told = new List<JobEvent>();
        var model = new WritingModelChoice(Base) { Adapters = [.. (adapters ?? []).Select(path => new AdapterChoice(Of(path)))], Device = "cpu" };
        var request = new WritingRequest(model, prompts) { Choices = choices ?? new(), Chat = chat };
        return (new WritingJob().Run(request, new Reported<JobEvent>(told.Add)), told);
    }
}
