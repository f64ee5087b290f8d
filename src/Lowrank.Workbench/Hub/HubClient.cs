using System.Net;
using System.Net.Http.Headers;

namespace Lowrank.Workbench;

/// <summary>Sends requests to the hub and follows where it sends them on, never with the token to another host.</summary>
sealed class HubClient : IDisposable
{
    const int MostRedirects = 10;

    readonly HubSettings settings;
    readonly HttpClient http;

    public HubClient(HubSettings settings)
    {
        this.settings = settings;
        // Redirects are followed here: a handler would not tell what the hub said before them.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.Patience, MaxResponseHeadersLength = 64,
        };
        http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Why the token is not sent, where there is one; null where it is.</summary>
    public string? Withheld => settings.Token is null || IsSafe(settings.Endpoint)
        ? null
        : $"the token is not sent to {settings.Endpoint}, which is not encrypted";

    /// <summary>Whether requests tell who asks.</summary>
    public bool HasToken => settings.Token is not null && Withheld is null;

    /// <summary>Sends a GET and reads the answer's head.</summary>
    /// <param name="at">Where to.</param>
    /// <param name="range">The first byte that is wanted, and the tag of what the others are of; null wants all.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>The answer, whatever it is, but for those that are worth another try.</returns>
    /// <exception cref="HubBreakException">It may do better the next time.</exception>
    /// <exception cref="LowrankException">The server sends it on in a way that is not followed.</exception>
    public HubAnswer Get(Uri at, (long From, EntityTagHeaderValue? Tag)? range, CancellationToken cancel)
    {
        bool isOwn = true;   // whether everything so far stayed with the hub
        HttpResponseMessage? first = null;
        for (int count = 0; count <= MostRedirects; count++)
        {
            isOwn = isOwn && IsHub(at);
            var answer = Send(at, range, isOwn, cancel);
            bool isRedirect = answer.Headers.Location is not null && (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308;
            if (!isRedirect) return new(answer, first ?? answer, at);
            var next = Next(at, answer.Headers.Location!);
            if (isOwn) first = answer;   // what the hub says of the file stands in its last answer
            answer.Dispose();
            at = next;
        }
        throw new LowrankException($"{settings.Endpoint.Host} sends requests on in a circle: {MostRedirects} times, at last to {At(at)}.");
    }

    /// <summary>Where a redirect leads.</summary>
    /// <exception cref="LowrankException">To something else than the net, or out of an encrypted connection.</exception>
    internal static Uri Next(Uri from, Uri to)
    {
        var next = to.IsAbsoluteUri ? to : new Uri(from, to);
        if (next.Scheme is not ("http" or "https"))
            throw new LowrankException($"{At(from)} sends on to {next.Scheme}:, which is not followed.");
        if (from.Scheme == "https" && next.Scheme == "http")
            throw new LowrankException($"{At(from)} sends on to {At(next)}, which is not encrypted. That is not followed.");
        return next;
    }

    HttpResponseMessage Send(Uri at, (long From, EntityTagHeaderValue? Tag)? range, bool isOwn, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, at);
        request.Headers.UserAgent.ParseAdd("lowrank/1");
        request.Headers.AcceptEncoding.ParseAdd("identity");   // sizes and places are of the file's own bytes
        if (isOwn && HasToken) request.Headers.Authorization = new("Bearer", settings.Token);
        if (range is { From: > 0 } part)
        {
            request.Headers.Range = new(part.From, null);
            if (part.Tag is { IsWeak: false } tag) request.Headers.IfRange = new(tag);
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(settings.Patience);
        HttpResponseMessage answer;
        try
        {
            answer = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new HubBreakException($"{At(at)} did not answer within {Quantity.Duration(settings.Patience)}");
        }
        catch (HttpRequestException error)
        {
            throw new HubBreakException($"{at.Authority} cannot be reached ({(error.InnerException ?? error).Message.TrimEnd('.')})");
        }
        if (!IsBusy(answer)) return answer;
        var wait = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - DateTimeOffset.UtcNow : null;
        answer.Dispose();
        string busy = $"{At(at)} answered {(int)answer.StatusCode} ({answer.ReasonPhrase})";
        throw new HubBreakException(busy, wait > TimeSpan.Zero ? wait : null);
    }

    static bool IsBusy(HttpResponseMessage answer) => (int)answer.StatusCode is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Whether an address is the hub's own.</summary>
    public bool IsHub(Uri at) => at.Scheme == settings.Endpoint.Scheme && at.Authority == settings.Endpoint.Authority;

    // Host and path: what stands behind the question mark may be a signature.
    static string At(Uri at) => at.GetLeftPart(UriPartial.Path);

    static bool IsSafe(Uri at) => at.Scheme == "https" || at.IsLoopback;

    public void Dispose() => http.Dispose();
}
