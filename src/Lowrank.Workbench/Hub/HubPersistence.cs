namespace Lowrank.Workbench;

/// <summary>Sends a broken request again, with longer and longer pauses, as long as there is reason to.</summary>
/// <param name="pause">The first pause.</param>
/// <param name="cancel">Cancelled when nothing more is to be fetched.</param>
/// <param name="say">Told of each break, before the pause; null tells nobody.</param>
sealed class HubPersistence(TimeSpan pause, CancellationToken cancel, Action<string>? say = null)
{
    /// <summary>How often in a row a request may break without having brought anything.</summary>
    public const int Tries = 5;

    // A server that sends a byte and breaks would keep it forever.
    const int TriesInAll = 100;

    static readonly TimeSpan longest = TimeSpan.FromMinutes(1);

    /// <summary>Does it until it is done.</summary>
    /// <param name="attempt">What may break, by a <see cref="HubBreakException"/>.</param>
    /// <param name="brought">What has arrived so far, in bytes; null where only the whole counts.</param>
    /// <param name="hint">What to do where it breaks too often, a sentence; null is to try later.</param>
    /// <exception cref="LowrankException">It broke too often.</exception>
    public T Do<T>(Func<T> attempt, Func<long>? brought = null, Func<string>? hint = null)
    {
        int inRow = 0;
        for (int inAll = 1; ; inAll++)
        {
            long before = brought?.Invoke() ?? 0;
            try
            {
                return attempt();
            }
            catch (HubBreakException broken)
            {
                bool hasBrought = brought is not null && brought() > before;
                inRow = hasBrought ? 1 : inRow + 1;
                if (inRow >= Tries || inAll >= TriesInAll) throw GivenUp(broken, hasBrought ? inAll : inRow, hint?.Invoke());
                var wait = broken.Wait ?? pause * Math.Pow(2, inRow - 1);
                wait = wait < longest ? wait : longest;
                say?.Invoke($"{broken.Message}; once more in {Quantity.Duration(wait)}");
                Rest(wait);
            }
        }
    }

    void Rest(TimeSpan time)
    {
        cancel.WaitHandle.WaitOne(time);
        cancel.ThrowIfCancellationRequested();
    }

    static LowrankException GivenUp(HubBreakException broken, int tries, string? hint) =>
        new($"{broken.Message}, {tries} times in a row. {hint ?? "Try again later."}", broken);
}
