namespace Landmarks.Demo.Reports.Html;

/// <summary>How many cards of each group a page shows.</summary>
internal static class CardShares
{
    /// <summary>The same for each, but what one does not need is for the others.</summary>
    /// <param name="most">How many there may be of all groups.</param>
    /// <param name="wanted">How many each has.</param>
    public static int[] Of(int most, int[] wanted)
    {
        int[] shares = new int[wanted.Length];
        for (int left = most; left > 0 && shares.Zip(wanted).Any(s => s.First < s.Second);)
        {
            for (int i = 0; i < shares.Length && left > 0; i++)
            {
                if (shares[i] == wanted[i])
                    continue;
                shares[i]++;
                left--;
            }
        }

        return shares;
    }
}
