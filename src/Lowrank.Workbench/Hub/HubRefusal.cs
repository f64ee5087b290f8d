namespace Lowrank.Workbench;

/// <summary>What an answer means that is none: not there, not allowed, not understood.</summary>
static class HubRefusal
{
    /// <summary>The error.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="name">What was asked for.</param>
    /// <param name="file">The file of it; null where it is the repository.</param>
    /// <param name="hasToken">Whether the request told who asks.</param>
    /// <param name="endpoint">The hub.</param>
    public static LowrankException Of(HubAnswer answer, HubName name, string? file, bool hasToken, Uri endpoint)
    {
        string what = file is null ? name.Id : $"{file} of {name.Id}";
        string code = answer.Header("X-Error-Code") ?? "", words = answer.Header("X-Error-Message") ?? "";
        if (code == "GatedRepo") return Gated(name, hasToken, endpoint, words);
        if (code == "RevisionNotFound") return new($"{name.Id} has no revision '{name.AtRevision}' on {endpoint.Host}.");
        if (code == "EntryNotFound") return new($"{what} is not on {endpoint.Host}.");
        if (words.Contains("disabled", StringComparison.OrdinalIgnoreCase)) return new($"{endpoint.Host} keeps {name.Id} closed: {words}");
        return answer.Status switch
        {
            401 when words.Contains("Invalid credentials", StringComparison.Ordinal) => new(
                $"{endpoint.Host} does not know the token. Make another at {endpoint}settings/tokens and set HF_TOKEN."),
            401 when hasToken => new(
                $"{endpoint.Host} does not give {what}: it knows no such name, or the token in HF_TOKEN is wrong or may not read it."),
            401 => new($"There is no {what} on {endpoint.Host}, or it is private: then set HF_TOKEN to a token that may read it."),
            403 => new($"{endpoint.Host} does not give {what}: the token may not read it. {words}".TrimEnd()),
            404 => new($"There is no {what} on {endpoint.Host}. A name is written as hf:owner/name; capitals count."),
            _ => new($"{endpoint.Host} answered {answer.Status} ({answer.Last.ReasonPhrase}) when asked for {what}. {words}".TrimEnd()),
        };
    }

    static LowrankException Gated(HubName name, bool hasToken, Uri endpoint, string words)
    {
        string cure = hasToken
            ? $"the token in HF_TOKEN belongs to somebody who has no access yet. Ask for it at {endpoint}{name.Id}"
            : $"ask for access at {endpoint}{name.Id}, then set HF_TOKEN to a token of yours";
        string said = words.Length > 0 ? $" ({endpoint.Host}: {words.TrimEnd('.')}.)" : "";
        return new($"{name.Id} is gated, given to those who agreed to its terms: {cure}.{said}");
    }
}
